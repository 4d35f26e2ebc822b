import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Frame, readFrames } from '../support/capture-files.ts';
import { captureMissing, type End, hookdump, Lab, pause, Running, sh } from '../support/lab.ts';

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
/** So many captures of each kind run at the same time; a guest is small. */
const atOnce = 7;

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
  const wanted = process.env.HOOKDUMP_GUEST === undefined ? filters : filters.slice(0, 21);

  for (let from = 0; from < wanted.length; from += atOnce) {
    const batch = wanted.slice(from, from + atOnce);
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
    await compare(['', 'icmp', 'arp', 'len = 98', 'ether[12:2] = 0x800'], async () => {
      lab.run(lab.a, 'ping', '-q', '-c', '3', '-i', '0.05', '10.78.0.2');
    });
  });

  test('VLAN tags in the bytes of what comes in are not in the way of the filter', async () => {
    // From the other end, as a switch would send them: single, stacked, and not IP behind it.
    const script = `
import socket, struct, sys
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(('lab0', 0))
ip = bytes.fromhex('4500002c000100004001') + bytes.fromhex('0000') + bytes([10,77,0,2,10,77,0,1])
for tags in ('8100 0005', '8100 0005 8100 0007', '88a8 0009', '8100 2064'):
    for payload in (bytes.fromhex('0800') + ip + bytes(24), bytes.fromhex('0806') + bytes(28)):
        s.send(bytes.fromhex('ffffffffffff 020000000001') + bytes.fromhex(tags) + payload)
`;
    const mostly = [
      '',
      'icmp',
      'arp',
      'len <= 60',
      'ether[12:2] = 0x800',
      'ether[6:4] = 0x02000000',
    ];
    await compare([...mostly, 'ip and ether[len - 1] = 0'], async () => {
      lab.run(lab.b, 'python3', '-c', script);
      // So that every device has something to compare.
      lab.run(lab.a, 'ping', '-q', '-c', '1', lab.b.ipv4);
      for (const end of [lab.a, lab.b]) lab.run(end, 'ip', 'neigh', 'flush', 'dev', 'lab0');
      lab.run(lab.a, 'ping', '-q', '-c', '1', '-s', '10', lab.b.ipv4);
    });
  });

  /** Captures some traffic with each filter, and compares. */
  async function compare(batch: readonly string[], traffic: () => Promise<void>): Promise<void> {
    const captures = await Promise.all(batch.map((filter, index) => startAll(filter, index)));
    // Whatever background traffic there is falls into one of these pauses, or into all captures.
    await pause(500);
    const began = now();
    await traffic();
    await pause(300);
    const ended = now();
    await pause(500);
    for (const capture of captures) await capture.stop();
    for (const { filter, ours, theirs } of captures) {
      const all = readFrames(ours);
      for (const [end, file] of theirs) {
        const place = `${end.netns}/${end.device}`;
        const own = all.filter((frame) => frame.interface.startsWith(`${place}@`));
        const expected = between(readFrames(file), began, ended);
        expect(between(own, began, ended), `${filter || '(all)'} at ${place}`).toEqual(expected);
        if (end === lab.a) expect(expected.length, filter).toBeGreaterThan(0);
      }
    }
  }

  /** hookdump for both ends, and tcpdump at each. */
  async function startAll(filter: string, index: number) {
    const ours = join(folder, `${index}.pcapng`);
    const hook = new Running(process.execPath, [
      ...[hookdump, '-i', 'any', ...lab.netnsOptions, '-w', ours, filter],
    ]);
    const dumps = [lab.a, lab.b, { ...lab.a, device: 'lo' }].map((end) => {
      const file = join(folder, `${index}-${end.netns}-${end.device}.pcap`);
      const args = ['netns', 'exec', end.netns, 'tcpdump', '-i', end.device, '-U', '-Z', 'root'];
      return { end, file, tcpdump: new Running('ip', [...args, '-w', file, filter]) };
    });
    await Promise.all(
      [hook, ...dumps.map(({ tcpdump }) => tcpdump)].map((each) => each.says('listening on')),
    );
    return {
      filter,
      ours,
      theirs: dumps.map(({ end, file }) => [end, file] as const),
      stop: async () => {
        expect(await hook.stop(), hook.stderr).toBe(0);
        expect(hook.stderr).toContain('0 packets dropped by kernel');
        for (const { tcpdump } of dumps) expect(await tcpdump.stop(), tcpdump.stderr).toBe(0);
      },
    };
  }
});

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
