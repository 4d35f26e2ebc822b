import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCapture } from '@hookdump/pcapng';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { captureMissing, hookdump, Lab, pause, Running, runCommand, sh } from '../support/lab.ts';

/** How the command behaves beside tcpdump: its text, its file, its endings, what it leaves. */
const missing = captureMissing();

describe('hookdump', () => {
  beforeEach(({ skip }) => skip(missing !== undefined, missing));
  const folder = mkdtempSync(join(tmpdir(), 'hookdump-command-'));
  let lab: Lab;
  beforeAll(() => {
    if (missing === undefined) lab = new Lab('command');
  });
  afterAll(() => {
    lab?.close();
    rmSync(folder, { recursive: true });
  });

  const start = async (...args: string[]): Promise<Running> => {
    const running = new Running(process.execPath, [hookdump, ...lab.netnsOptions, ...args]);
    await running.says('listening on');
    return running;
  };
  const ping = (count: number, ...args: string[]): string =>
    lab.run(lab.a, 'ping', '-q', '-c', String(count), '-i', '0.02', ...args, lab.b.ipv4);

  test('prints what tcpdump prints, with the device of each namespace', async () => {
    const inA = [
      'netns',
      'exec',
      lab.a.netns,
      'tcpdump',
      '-i',
      'any',
      '-n',
      '-l',
      '--immediate-mode',
    ];
    const tcpdump = new Running('ip', [...inA, 'icmp']);
    await tcpdump.says('listening on');
    const ours = await start('icmp');
    ping(2);
    await ours.until(() => lines(ours.stdout).length === 8, 'print 8 lines');
    await tcpdump.until(() => lines(tcpdump.stdout).length === 4, 'print 4 lines');
    await Promise.all([ours.stop(), tcpdump.stop()]);
    const own = `${lab.a.netns}/${lab.a.device}`;
    const withoutTime = (text: string): string[] => lines(text).map((line) => line.slice(16));
    expect(withoutTime(ours.stdout).filter((line) => line.startsWith(own))).toEqual(
      withoutTime(tcpdump.stdout).map((line) =>
        line.replace(`${lab.a.device.padEnd(5)} `, `${own} `),
      ),
    );
    const times = lines(ours.stdout).map((line) => line.slice(0, 15));
    expect(times).toEqual([...times].sort());
    expect(times[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{6}$/);
  });

  test("passes tcpdump's own options on", async () => {
    const ours = await start('-v', '-X', '-t', '-c', '1', 'icmp');
    ping(1);
    expect(await ours.ended, ours.stderr).toBe(0);
    expect(ours.stdout).toMatch(/lab0 Out IP \(tos 0x0, ttl 64, .*proto ICMP/);
    expect(ours.stdout).toMatch(/\n\t0x0000: {2}4500 0054/);
  });

  test('-c ends after exactly so many packets', async () => {
    const ours = await start('-c', '3', 'icmp');
    ping(5);
    expect(await ours.ended).toBe(0);
    expect(lines(ours.stdout).length).toBe(3);
    expect(ours.stderr).toContain('3 packets captured\n');
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends it in order', async (signal) => {
    const file = join(folder, `${signal}.pcapng`);
    const ours = await start('-w', file, 'icmp');
    ping(3);
    expect(await ours.stop(signal)).toBe(0);
    expect(ours.stderr.split('\n').slice(1)).toEqual([
      '12 packets captured',
      '12 packets received by filter',
      '0 packets dropped by kernel',
      '',
    ]);
    expect(readCapture(readFileSync(file)).packets.length).toBe(12);
  });

  test('SIGUSR1 prints the counts so far', async () => {
    const ours = await start('icmp');
    ping(1);
    await ours.until(() => lines(ours.stdout).length === 4, 'print 4 lines');
    ours.child.kill('SIGUSR1');
    await ours.says(
      '4 packets captured, 4 packets received by filter, 0 packets dropped by kernel',
    );
    expect(ours.stderr).not.toContain('Debugger');
    expect(await ours.stop()).toBe(0);
  });

  test('a reader that goes away ends it without a word', async () => {
    const args = lab.netnsOptions.join(' ');
    // One line, and no packet afterwards whose line could not be written.
    const filter = "'outbound and icmp[icmptype] = icmp-echo'";
    const command = `"$0" "$1" ${args} ${filter} 2>"$2" | head -n 1`;
    const log = join(folder, 'pipe.log');
    const pipe = new Running('bash', [
      '-c',
      `set -o pipefail; ${command}`,
      process.execPath,
      hookdump,
      log,
    ]);
    await pause(0);
    const isListening = (): boolean => {
      try {
        return readFileSync(log, 'utf8').includes('listening');
      } catch {
        return false;
      }
    };
    await pipe.until(isListening, 'listen');
    ping(1);
    expect(await pipe.ended).toBe(0);
    expect(lines(pipe.stdout).length).toBe(1);
    expect(lines(readFileSync(log, 'utf8')).length).toBe(1);
  });

  test('-w - is a pcapng stream', async () => {
    const args = [hookdump, ...lab.netnsOptions, '-c', '4', '-w', '-', 'icmp'].join('" "');
    const file = join(folder, 'stream.pcapng');
    const ours = new Running('bash', ['-c', `"${process.execPath}" "${args}" | cat > ${file}`]);
    await ours.says('listening on');
    ping(1);
    expect(await ours.ended).toBe(0);
    expect(readCapture(readFileSync(file)).packets.length).toBe(4);
  });

  test('the file tells where each packet comes from', async () => {
    const file = join(folder, 'told.pcapng');
    const ours = await start('-w', file, '-s', '60', 'icmp');
    ping(1, '-s', '200');
    await ours.stop();
    const { packets, interfaces, statistics, sections } = readCapture(readFileSync(file));
    const name = (letter: 'a' | 'b', hook: string): string => `${lab[letter].netns}/lab0@${hook}`;
    expect(interfaces.map((each) => each.name)).toEqual([
      name('a', 'net_dev_queue'),
      name('b', 'netif_receive_skb'),
      name('b', 'net_dev_queue'),
      name('a', 'netif_receive_skb'),
    ]);
    expect(interfaces[0]).toMatchObject({ linkType: 1, snapLen: 60, filter: 'icmp' });
    expect(packets.map(({ data, originalLength }) => [data.length, originalLength])).toEqual(
      Array.from({ length: 4 }, () => [60, 242]),
    );
    // Outbound; inbound and unicast.
    expect(packets.map(({ options }) => options.flags)).toEqual([2, 5, 2, 5]);
    expect(statistics.map(({ delivered }) => delivered)).toEqual([1n, 1n, 1n, 1n]);
    expect(sections[0]?.application).toMatch(/^hookdump \d/);
    const tshark = await runCommand('tshark', ['-r', file, '-T', 'fields', '-e', 'icmp.type']);
    if (tshark.status === 0) expect(lines(tshark.stdout)).toEqual(['8', '8', '0', '0']);
    else expect(tshark.stderr).toContain('not found');
  });

  test('-i DEVICE is confined to that device', async () => {
    const ours = await start('-i', 'lab0', '--netns', lab.a.netns, 'icmp');
    const one = new Running(process.execPath, [
      ...[hookdump, '-i', 'lab0', '--netns', lab.a.netns, '-c', '2', 'icmp'],
    ]);
    await one.says('listening on');
    ping(1);
    expect(await one.ended).toBe(0);
    expect(lines(one.stdout).every((line) => line.includes(`${lab.a.netns}/lab0`))).toBe(true);
    await ours.stop();
  });

  test('--hook xdp:DEVICE sees what the driver hands over', async () => {
    const ours = new Running(process.execPath, [
      ...[hookdump, '--hook', 'xdp:lab0', '--netns', lab.b.netns, '-c', '3', 'icmp'],
    ]);
    await ours.says('listening on');
    ping(3);
    expect(await ours.ended, ours.stderr).toBe(0);
    expect(lines(ours.stdout).map((line) => line.includes('echo request'))).toEqual([
      true,
      true,
      true,
    ]);
  });

  test('a burst of numbered packets arrives whole: each record holds its own packet', async () => {
    const file = join(folder, 'burst.pcapng');
    const ours = await start('-w', file, 'udp and dst port 9999');
    const script = `
      const socket = require('node:dgram').createSocket('udp4');
      const send = (n) => n === 5000 ? socket.close() : socket.send(String(n).padStart(64, '\\0'), 9999, '${lab.b.ipv4}', () => send(n + 1));
      send(0);`;
    lab.run(lab.a, process.execPath, '-e', script);
    await pause(300);
    await ours.stop();
    const { packets } = readCapture(readFileSync(file));
    const seen = new Map<number, number>();
    for (const { data } of packets) {
      const text = Buffer.from(data.subarray(42)).toString().replaceAll('\0', '');
      seen.set(Number(text), (seen.get(Number(text)) ?? 0) + 1);
    }
    const lost = Number(/(\d+) packets? dropped by kernel/.exec(ours.stderr)?.[1]);
    expect(packets.length + lost).toBe(10_000);
    expect([...seen.keys()].every((n) => Number.isInteger(n) && n >= 0 && n < 5000)).toBe(true);
    expect(lost).toBe(0);
    expect(seen.size).toBe(5000);
  });

  test('a disk that fills up ends it with one message, and with nothing attached', async () => {
    const before = programs();
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    sh('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk);
    try {
      const ours = await start('-w', join(disk, 'full.pcapng'), 'icmp');
      ping(50, '-s', '1400');
      expect(await ours.ended).toBe(1);
      expect(lines(ours.stderr).slice(1)).toEqual([
        `hookdump: ${disk}/full.pcapng can't be written: No space left on device`,
      ]);
      expect(programs().filter((id) => !before.includes(id))).toEqual([]);
    } finally {
      sh('umount', disk);
    }
  });

  test('a reader that stops reading does not keep it from ending', async () => {
    for (const args of [['-w', '-'], ['-x']]) {
      // `sleep` holds the pipe and takes nothing out of it.
      const quoted = [hookdump, ...lab.netnsOptions, ...args, 'icmp'].map((each) => `'${each}'`);
      const script = `'${process.execPath}' ${quoted.join(' ')} | sleep 30 & echo $! >&2; wait %1`;
      const shell = new Running('bash', ['-c', script]);
      await shell.says('listening on');
      ping(300, '-f', '-s', '1400');
      const pid = sh('pgrep', '-f', `${hookdump} ${lab.netnsOptions.join(' ')}`).trim();
      process.kill(Number(pid), 'SIGINT');
      await shell.says('standard output is not read');
      sh('pkill', '-P', String(shell.child.pid), 'sleep');
      await shell.ended;
    }
  });

  test('text to a full disk ends it with one message', async () => {
    const args = [hookdump, ...lab.netnsOptions, 'icmp'].join("' '");
    const ours = new Running('bash', ['-c', `'${process.execPath}' '${args}' > /dev/full`]);
    await ours.says('listening on');
    ping(3);
    expect(await ours.ended).toBe(1);
    expect(ours.stderr).toContain("hookdump: standard output can't be written");
  });

  test('a device that disappears ends its capture', async () => {
    sh('ip', '-n', lab.a.netns, 'link', 'add', 'gone0', 'type', 'veth', 'peer', 'name', 'gone1');
    const one = ['--netns', lab.a.netns];
    const ours = [
      [...one, '-i', 'gone0', 'icmp'],
      [...one, '--hook', 'xdp:gone0', '--hook', 'xdp:gone0', 'icmp'],
    ].map((args) => new Running(process.execPath, [hookdump, ...args]));
    await Promise.all(ours.map((each) => each.says('listening on')));
    sh('ip', '-n', lab.a.netns, 'link', 'del', 'gone0');
    for (const each of ours) {
      expect(await each.ended).toBe(1);
      expect(each.stderr).toContain('gone0: the interface disappeared');
    }
  });

  test('nothing stays after SIGKILL', async () => {
    const before = programs();
    const ours = new Running(process.execPath, [
      ...[hookdump, '--hook', 'tp_btf:net_dev_queue', '--hook', 'xdp:lab0'],
      ...['--netns', lab.b.netns, 'icmp'],
    ]);
    await ours.says('listening on');
    const own = programs().filter((id) => !before.includes(id));
    expect(own.length).toBeGreaterThanOrEqual(2);
    ours.child.kill('SIGKILL');
    await ours.ended;
    const left = (): string[] => programs().filter((id) => own.includes(id));
    for (let tries = 0; left().length > 0 && tries < 50; tries++) await pause(100);
    expect(left()).toEqual([]);
    expect(lab.run(lab.b, 'ip', 'link', 'show', 'lab0')).not.toContain('xdp');
  });
});

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** Ids of the programs in the kernel that have the names of our templates'. */
function programs(): string[] {
  const names = /^(\d+): .* name (?:netif_receive_s|net_dev_queue|hookdump_xdp)/;
  return sh('bpftool', 'prog', 'show')
    .split('\n')
    .flatMap((line) => names.exec(line)?.[1] ?? []);
}
