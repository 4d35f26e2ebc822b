import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Frame, readFrames } from '../support/capture-files.ts';
import { ethernet, frameLines, frames, ipv4, nobody, other, udp } from '../support/frames.ts';
import { captureMissing, type End, hookdump, Lab, pause, Running, sh } from '../support/lab.ts';
import { sizes } from '../support/sizes.ts';

/**
 * The main promise: at the device layer, for each device of each namespace, hookdump holds exactly
 * the frames that tcpdump holds there for the same filter.
 */
const filters = [
  '',
  'icmp',
  'icmp6',
  'arp',
  'ip',
  'ip6',
  'tcp',
  'udp',
  'not tcp',
  'host 10.77.0.1',
  'src host 10.77.0.2 and udp',
  'ip6 host fd00:77::1',
  'dst net 10.77.0.0/24',
  'net fd00:77::/64',
  'port 53',
  'tcp port 80',
  'udp dst port 7777',
  'portrange 1-1023',
  'not (port 53 or port 80)',
  'tcp[tcpflags] & (tcp-syn|tcp-fin) != 0',
  'icmp[icmptype] = icmp-echo',
  'icmp6[icmp6type] = icmp6-echo or icmp6[icmp6type] = icmp6-echoreply',
  'ip[6:2] & 0x1fff != 0',
  'len > 1000',
  'len <= 60 and not arp',
  'ether[0] & 1 != 0',
  'udp[4:2] - 8 > 100',
  'arp[6:2] = 1 or (ip and ip[2:2] % 7 = 3)',
];
/** Ours, and tcpdump's where its libpcap does not know it or has it wrong. */
type Filter = string | readonly [ours: string, theirs: string];

/** For frames that only a switch would send; see `frames`. */
const crafted: readonly Filter[] = [
  '',
  'icmp',
  'arp',
  'tcp port 80',
  'len <= 60',
  'ether[12:2] = 0x800',
  'ip and ether[len - 1] = 0',
  'vlan',
  'not vlan',
  'vlan 5',
  'vlan 5 and icmp',
  'vlan and ip6 and udp port 53',
  'vlan and arp',
  'vlan and vlan',
  'vlan 5 and vlan 7 and tcp',
  'icmp or vlan',
  'vlan 0',
  'vlan 9 and vlan 5',
  'vlan and mpls 100',
  // libpcap 1.10 reads memory there that it has not written, and the kernel refuses its program.
  ['vlan 5 and pppoes and ip', 'vlan 5 and ether proto 0x8864'],
  // libpcap keeps two things in one register (filter-wishes: "arithmetic before live VLAN code").
  ['len > 100 and vlan and tcp port 80', 'vlan and tcp port 80 and len > 100'],
  'inbound',
  'outbound',
  'inbound and vlan 5',
  'broadcast',
  'ether multicast',
  'multicast and not broadcast',
  `ether host ${nobody}`,
  `ether dst ${nobody} and not vlan`,
  `ether src ${other}`,
  // libpcap 1.10 takes 240.0.0.0/4 for multicast.
  ['ip multicast', 'ip and ip[16] & 0xf0 = 0xe0'],
  'stp',
  'isis',
  'iso and len < 1000',
  'llc',
  'mpls',
  'mpls 100 and ip',
  'mpls 100 and mpls 1024 and ip6',
  'pppoed',
  'pppoes',
  'pppoes 0x27 and tcp',
  'pppoes and ip6',
  'geneve',
  'geneve 0xb and tcp port 80',
  'geneve and ip6 and udp port 53',
  ['vxlan', 'udp dst port 4789'],
  ['vxlan 7 and tcp port 80', 'ip and udp dst port 4789'],
  ['vxlan and ip6', 'ip6 and udp dst port 4789'],
  'ip6 protochain 6',
  'protochain 17 and ip6',
  // libpcap loses its place at an authentication header.
  ['ip protochain 6 and ip[9] = 51', 'ip proto 51'],
  ['ip6 protochain 17 and ip6[40] = 51', 'ip6[6] = 60 and ip6[40] = 51'],
  'ether proto 0x88a8 or ether proto 0x8100',
];

/** So many captures of each kind run at the same time; a guest is small. */
const atOnce = 7;

/** Batches of filters to try: all of them, or as many as there is time for, from all of the list. */
function batches<T>(list: readonly T[]): readonly (readonly T[])[] {
  const count = Math.min(sizes.tcpdumpBatches, Math.ceil(list.length / atOnce));
  const step = Math.ceil(list.length / atOnce / count);
  const wanted = list.filter((_, index) => index % step === 0).slice(0, count * atOnce);
  return Array.from({ length: count }, (_, at) => wanted.slice(at * atOnce, (at + 1) * atOnce));
}

const missing = captureMissing();
describe('device layer', () => {
  beforeEach(({ skip }) => skip(missing !== undefined, missing));
  let lab: Lab;
  const folder = mkdtempSync(join(tmpdir(), 'hookdump-layer-'));
  beforeAll(() => {
    if (missing === undefined) lab = new Lab('layer');
  });
  afterAll(() => {
    lab?.close();
    rmSync(folder, { recursive: true });
  });

  for (const batch of batches(filters)) {
    test(batch.map((filter) => filter || '(all)').join(' | '), () =>
      compare(batch, () => makeTraffic(lab)),
    );
  }

  test('VLAN tags, which the kernel keeps beside the bytes, are put back', async ({ skip }) => {
    try {
      sh(
        'ip',
        '-n',
        lab.a.netns,
        'link',
        'add',
        'tagged',
        'link',
        'lab0',
        'type',
        'vlan',
        'id',
        '5',
      );
    } catch {
      skip('this kernel has no VLAN devices (8021q)');
    }
    sh('ip', '-n', lab.b.netns, 'link', 'add', 'tagged', 'link', 'lab0', 'type', 'vlan', 'id', '5');
    for (const [end, host] of [
      [lab.a, 1],
      [lab.b, 2],
    ] as const) {
      sh('ip', '-n', end.netns, 'addr', 'add', `10.78.0.${host}/24`, 'dev', 'tagged');
      sh('ip', '-n', end.netns, 'link', 'set', 'tagged', 'up');
    }
    // On the wire below: the tag counts for the length, and the filter looks at what is behind it.
    const plain = ['', 'icmp', 'arp', 'len = 98', 'ether[12:2] = 0x800'];
    const ping = async (): Promise<void> => {
      for (const end of [lab.a, lab.b]) lab.run(end, 'ip', 'neigh', 'flush', 'dev', 'tagged');
      lab.run(lab.a, 'ping', '-q', '-c', '3', '-i', '0.05', '10.78.0.2');
    };
    await compare([...plain, 'vlan 5 and icmp', 'inbound and vlan'], ping, ping);
  });

  for (const batch of batches(crafted)) {
    const names = batch.map((filter) => (typeof filter === 'string' ? filter : filter[0]));
    test(`crafted frames: ${names.join(' | ')}`, () => compareCrafted(batch));
  }

  // Should tcpdump have had an interface-less block after all, the next one is right.
  test('ifindex is that of the device', { retry: 2 }, async () => {
    const index = /^(\d+):/.exec(lab.run(lab.a, 'ip', '-o', 'link', 'show', 'lab0'))![1];
    await compareCrafted([`ifindex ${index}`, `ifindex ${index} and inbound`]);
  });

  test('ip broadcast takes the netmask of the device', async () => {
    const netns = ['--netns', lab.a.netns, '-i', 'lab0'];
    const file = join(folder, 'broadcast.pcapng');
    const ours = new Running(process.execPath, [hookdump, ...netns, '-w', file, 'ip broadcast']);
    await ours.says('listening on');
    const to = (...address: number[]) => ethernet(0x800, ipv4(17, udp(9), address));
    // 10.77.0.0/24 has two addresses for all, and they have one more.
    const all = [to(10, 77, 0, 255), to(10, 77, 0, 0), to(255, 255, 255, 255)];
    await sendFrames([...all, to(10, 77, 0, 254), to(10, 77, 255, 1), to(10, 77, 0, 1)]);
    await pause(200);
    expect(await ours.stop(), ours.stderr).toBe(0);
    expect(readFrames(file).length).toBe(3);
  });

  /**
   * libpcap filters the first block of its ring once more, by itself, and knows no direction and no
   * interface then: it has that block before the frames that count.
   */
  function compareCrafted(batch: readonly Filter[]): Promise<void> {
    const send = (): Promise<void> => sendFrames(frames);
    return compare(batch, send, send);
  }

  /** From the other end, as a switch would send them. */
  async function sendFrames(list: typeof frames): Promise<void> {
    const script = new URL('../support/send-frames.py', import.meta.url).pathname;
    const command = ['netns', 'exec', lab.b.netns, 'python3', script, 'lab0'];
    const sender = new Running('ip', command);
    sender.child.stdin.end(frameLines(list));
    expect(await sender.ended, sender.stderr).toBe(0);
  }

  /**
   * Captures some traffic with each filter, and compares.
   *
   * @param warmUp traffic of which nothing is compared
   */
  async function compare(
    batch: readonly Filter[],
    traffic: () => Promise<void>,
    warmUp?: () => Promise<void>,
  ): Promise<void> {
    const captures = await Promise.all(
      batch.map((filter, index) =>
        typeof filter === 'string' ? startAll(filter, filter, index) : startAll(...filter, index),
      ),
    );
    const dumps = captures.flatMap((capture) => capture.dumps);
    if (warmUp !== undefined) await warmUp().then(() => idle(dumps));
    // Whatever background traffic there is falls into one of these pauses, or into all captures.
    await pause(500);
    const began = now();
    await traffic();
    await pause(300);
    const ended = now();
    await idle(dumps);
    for (const capture of captures) await capture.stop();
    for (const { filter, ours, theirs } of captures) {
      const all = readFrames(ours);
      let captured = 0;
      for (const [end, file] of theirs) {
        const place = `${end.netns}/${end.device}`;
        const own = all.filter((frame) => frame.interface.startsWith(`${place}@`));
        const expected = between(readFrames(file), began, ended);
        expect(between(own, began, ended), `${filter || '(all)'} at ${place}`).toEqual(expected);
        captured += expected.length;
      }
      expect(captured, `${filter || '(all)'}: frames`).toBeGreaterThan(0);
    }
  }

  /** hookdump for both ends, and tcpdump at each. */
  async function startAll(filter: string, theirFilter: string, index: number) {
    const ours = join(folder, `${index}.pcapng`);
    const hook = new Running(process.execPath, [
      ...[hookdump, '-i', 'any', ...lab.netnsOptions, '-w', ours, filter],
    ]);
    const dumps = [lab.a, lab.b, { ...lab.a, device: 'lo' }].map((end) => {
      const file = join(folder, `${index}-${end.netns}-${end.device}.pcap`);
      const args = ['netns', 'exec', end.netns, 'tcpdump', '-i', end.device, '-U', '-Z', 'root'];
      return { end, file, tcpdump: new Running('ip', [...args, '-w', file, theirFilter]) };
    });
    await Promise.all(
      [hook, ...dumps.map(({ tcpdump }) => tcpdump)].map((each) => each.says('listening on')),
    );
    return {
      filter,
      ours,
      dumps: dumps.map(({ tcpdump }) => tcpdump),
      theirs: dumps.map(({ end, file }) => [end, file] as const),
      stop: async () => {
        expect(await hook.stop(), hook.stderr).toBe(0);
        expect(hook.stderr).toContain('0 packets dropped by kernel');
        for (const { tcpdump } of dumps) expect(await tcpdump.stop(), tcpdump.stderr).toBe(0);
      },
    };
  }
});

/** After so many milliseconds the kernel hands a block of packets over that is not full. */
const blockTimeout = 1000;

/** Until tcpdumps have read, and written, all that has been sent. */
async function idle(dumps: readonly Running[]): Promise<void> {
  // A timer of the kernel's, which no load makes later by much.
  await pause(blockTimeout + 200);
  // Whoever has got a block does not sleep before all of it is written (-U).
  for (const { child } of dumps) {
    while (!isAsleep(child.pid!)) await pause(10);
  }
}

/** Whether a process waits for something: state S of proc_pid_stat(5), behind the name. */
const isAsleep = (pid: number): boolean =>
  / S /.test(readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\)/, ''));

const now = (): bigint => BigInt(Date.now()) * 1_000_000n;

/** The frames of a stretch of time, without their order: the two look at clocks at other moments. */
function between(frames: readonly Frame[], from: bigint, to: bigint): string[] {
  return frames
    .filter(({ timestamp }) => timestamp >= from && timestamp <= to)
    .map(({ text }) => text)
    .sort();
}

async function makeTraffic(lab: Lab): Promise<void> {
  const script = new URL('../support/traffic.mjs', import.meta.url).pathname;
  const inside = (end: End, ...args: string[]): Running =>
    new Running('ip', ['netns', 'exec', end.netns, ...args]);
  for (const end of [lab.a, lab.b]) lab.run(end, 'ip', 'neigh', 'flush', 'dev', end.device);
  const { ipv4, ipv6 } = lab.b;
  const server = inside(lab.b, process.execPath, script, 'serve', ipv4, ipv6);
  await server.until(() => server.stdout.split('bound').length > 4, 'bind');
  lab.run(lab.a, 'ping', '-q', '-c', '3', '-i', '0.05', ipv4);
  lab.run(lab.a, 'ping', '-q', '-c', '3', '-i', '0.05', '-s', '3000', ipv4);
  lab.run(lab.a, 'ping', '-6', '-q', '-c', '3', '-i', '0.05', ipv6);
  // To itself, through lo: seen there once, as libpcap shows it.
  lab.run(lab.a, 'ping', '-q', '-c', '2', '-i', '0.05', lab.a.ipv4);
  const client = inside(lab.a, process.execPath, script, 'send', ipv4, ipv6);
  const status = await client.ended;
  server.child.stdin.end();
  await server.ended;
  expect(status, client.stderr).toBe(0);
}
