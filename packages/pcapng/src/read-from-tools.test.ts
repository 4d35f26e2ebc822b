/** Files that tshark, editcap, dumpcap, text2pcap and tcpdump made, and hand-made ones that tshark reads. */

import { describe, expect, test, vi } from 'vitest';
import { arpFrame, handMade } from '../test/hand-made.ts';
import { collector, hex, missing, run, scratch } from '../test/tools.ts';
import { PcapWriter } from './pcap-writer.ts';
import { PcapngWriter } from './pcapng-writer.ts';
import { type Capture, readCapture } from './reader.ts';

// tshark takes a second to start on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const files = scratch();
const timestamp = 1_700_000_000_123_456_789n;

/** Three packets: whole, cut, and of a length that needs padding. */
const packets = [
  { timestamp, data: arpFrame(), originalLength: 60 },
  { timestamp: timestamp + 1_000n, data: arpFrame().subarray(0, 50), originalLength: 1500 },
  { timestamp: timestamp + 5_000_000_000n, data: arpFrame(61), originalLength: 61 },
];

function seed(): string {
  const out = collector();
  const writer = new PcapWriter(out.write, { linkType: 1, snapLen: 1000 });
  for (const packet of packets) writer.packet(packet);
  writer.flush();
  return files.put('seed.pcap', out.bytes());
}

function expectPackets({ error, packets: read }: Capture, resolution: bigint): void {
  expect(error).toBeUndefined();
  expect(
    read.map(({ timestamp, originalLength, data }) => [timestamp, originalLength, hex(data)]),
  ).toEqual(
    packets.map(({ timestamp, originalLength, data }) => [
      timestamp - (timestamp % resolution),
      originalLength,
      hex(data),
    ]),
  );
}

test.skipIf(missing('editcap')).each([
  ['pcap', 'pcap', 1_000n],
  ['nsecpcap', 'pcap', 1n],
  ['pcapng', 'pcapng', 1n],
] as const)('editcap -F %s', (format, family, resolution) => {
  const path = files.path(`editcap.${format}`);
  expect(run('editcap', ['-F', format, seed(), path]).status).toBe(0);
  const capture = readCapture(files.get(path.slice(path.lastIndexOf('/') + 1)));
  expect(capture.format).toBe(family);
  expect(capture.interfaces).toMatchObject([{ linkType: 1, snapLen: 1000 }]);
  expectPackets(capture, resolution);
});

test.skipIf(missing('editcap'))('editcap: comments and the section', () => {
  const path = files.path('comment.pcapng');
  const args = ['-a', '2:zweites Päckchen', '--capture-comment', 'all of it', seed(), path];
  expect(run('editcap', args).status).toBe(0);
  const capture = readCapture(files.get('comment.pcapng'));
  expectPackets(capture, 1n);
  expect(capture.packets.map((packet) => packet.options)).toEqual([
    {},
    { comments: ['zweites Päckchen'] },
    {},
  ]);
  expect(capture.sections).toMatchObject([
    { byteOrder: 'little', version: { major: 1, minor: 0 }, comments: ['all of it'] },
  ]);
  expect(capture.sections[0]?.application).toMatch(/^Editcap \(Wireshark\) \d/);
});

test.skipIf(missing('tshark'))('tshark -w, name resolution included', () => {
  const path = files.path('tshark.pcapng');
  expect(run('tshark', ['-r', seed(), '-w', path]).status).toBe(0);
  const capture = readCapture(files.get('tshark.pcapng'));
  expectPackets(capture, 1n);
  expect(capture.sections[0]?.application).toMatch(/^TShark \(Wireshark\) \d/);
});

test.skipIf(missing('dumpcap'))('dumpcap from a pipe', () => {
  const path = files.path('dumpcap.pcapng');
  seed();
  expect(run('dumpcap', ['-q', '-i', '-', '-w', path], files.get('seed.pcap')).status).toBe(0);
  const capture = readCapture(files.get('dumpcap.pcapng'));
  expectPackets(capture, 1n);
  expect(capture.interfaces).toMatchObject([{ name: '-', ticksPerSecond: 1_000_000_000n }]);
});

function noNamespaces(): boolean {
  const refused = run('unshare', ['-n', 'true']).status !== 0;
  if (refused) console.warn('skipped: making a network namespace needs root');
  return refused;
}

test.skipIf(missing('dumpcap', 'unshare', 'ip', 'ping') || noNamespaces())(
  'dumpcap live: statistics',
  () => {
    const path = files.path('live.pcapng');
    const script = `ip link set lo up
      { sleep 0.3; ping -q -c 1 127.0.0.1 >&2; } &
      dumpcap -q -i lo -a duration:1 -w "$1"
      wait`;
    const before = BigInt(Date.now()) * 1_000n;
    const { status, stderr } = run('unshare', ['-n', 'sh', '-c', script, 'sh', path]);
    const after = BigInt(Date.now() + 1) * 1_000n;
    expect(status, stderr).toBe(0);
    const { statistics, interfaces, packets, error } = readCapture(files.get('live.pcapng'));
    expect(error).toBeUndefined();
    expect(interfaces).toMatchObject([{ name: 'lo', linkType: 1 }]);
    const received = BigInt(packets.length);
    expect(received).toBeGreaterThanOrEqual(2n);
    expect(statistics).toMatchObject([{ interface: 0, received, dropped: 0n }]);
    const [{ start, end, timestamp } = {}] = statistics;
    // dumpcap 4.0 writes these three in microseconds though its if_tsresol says nanoseconds.
    expect(start).toBeGreaterThan(before);
    expect(end).toBeGreaterThan(start!);
    expect(timestamp).toBeGreaterThanOrEqual(end!);
    expect(timestamp).toBeLessThan(after);
  },
);

test.skipIf(missing('tcpdump')).each([
  ['microseconds', '--micro', 1_000n],
  ['nanoseconds', '--nano', 1n],
])('tcpdump -w in %s', (_, precision, resolution) => {
  const { stdout } = run('tcpdump', [precision, '-r', seed(), '-w', '-']);
  const capture = readCapture(stdout);
  expect(capture.format).toBe('pcap');
  expect(capture.interfaces).toMatchObject([{ linkType: 1, snapLen: 1000 }]);
  expectPackets(capture, resolution);
});

test.skipIf(missing('text2pcap'))('text2pcap', () => {
  const dump = new TextEncoder().encode('0000 de ad be ef\n\n0000 01 02 03 04 05\n');
  const path = files.path('text2pcap.pcapng');
  expect(run('text2pcap', ['-l', '147', '-N', 'from text', '-', path], dump).status).toBe(0);
  const capture = readCapture(files.get('text2pcap.pcapng'));
  expect(capture.error).toBeUndefined();
  expect(capture.interfaces).toMatchObject([{ linkType: 147, name: 'from text' }]);
  expect(capture.packets.map((packet) => hex(packet.data))).toEqual(['deadbeef', '0102030405']);
});

test.skipIf(missing('editcap', 'tshark'))(
  'read and written again, tshark sees no difference',
  () => {
    const path = files.path('original.pcapng');
    expect(run('editcap', ['-a', '1:first', seed(), path]).status).toBe(0);
    const { sections, interfaces, packets } = readCapture(files.get('original.pcapng'));
    const out = collector();
    const writer = new PcapngWriter(out.write, sections[0]);
    for (const description of interfaces) writer.interface(description);
    for (const packet of packets) if (packet.kind === 'packet') writer.packet(packet);
    writer.flush();
    const copy = files.put('copy.pcapng', out.bytes());
    const json = (file: string) => run('tshark', ['-n', '-r', file, '-x', '-T', 'json']).text;
    expect(json(copy)).toContain('"frame.comment": "first"');
    expect(json(copy)).toBe(json(path));
  },
);

describe.skipIf(missing('tshark')).each([
  ['little-endian', true],
  ['big-endian', false],
])('forms that no tool here writes, %s', (name, little) => {
  const make = handMade(little);
  const frame = arpFrame();
  const options = [
    [2, make.u32(0x81)],
    [4, make.u64(5n)],
    [5, make.u64(6n)],
    [6, make.u32(7)],
    [7, Buffer.concat([Uint8Array.of(2), make.u64(3n)])],
  ] as const;
  const list: [string, Uint8Array[]][] = [
    [
      'resolutions',
      [0, 3, 6, 9, 0x80 | 4, 0x80 | 20, 0x80 | 30].flatMap((resolution, id) => [
        make.interface(1, 0, [[9, Uint8Array.of(resolution)]]),
        make.enhanced(id, 1_234_567_891n, frame, 60),
      ]),
    ],
    ['offset', [make.interface(1, 0, [[14, make.u64(1000n)]]), make.enhanced(0, 5n, frame, 60)]],
    ['options', [make.interface(1, 0), make.enhanced(0, 1n, frame, 70, options)]],
    [
      'old packets',
      [make.interface(1, 0), make.old(0, 3, 9n, frame, 90), make.old(0, 0xffff, 9n, frame, 60)],
    ],
    ['simple packets', [make.interface(1, 50), make.simple(99, frame.subarray(0, 50))]],
    [
      'sections',
      [
        make.interface(1, 0),
        make.enhanced(0, 1n, frame, 60),
        handMade(!little).section(),
        handMade(!little).interface(1, 0, [[9, Uint8Array.of(9)]]),
        handMade(!little).enhanced(0, 2n, frame, 60),
      ],
    ],
  ];

  test.each(list)('%s: tshark reads the same', (form, blocks) => {
    const bytes = Buffer.concat([make.section(), ...blocks]);
    const path = files.put(`${name}-${form}.pcapng`, bytes);
    const names = 'time_epoch len cap_len interface_id packet_flags_direction drop_count';
    const fields = `${names} packet_id interface_queue verdict.ebpf_xdp`.split(' ');
    const shown = run('tshark', [
      ...['-n', '-r', path, '-T', 'fields', '-E', 'separator=|'],
      ...fields.flatMap((field) => ['-e', `frame.${field}`]),
    ]);
    expect(shown.status).toBe(0);
    const capture = readCapture(bytes);
    expect(capture.error).toBeUndefined();
    const ours = capture.packets.map(({ timestamp, originalLength, data, options, ...packet }) => {
      const { flags, dropCount, packetId, queue, verdict } = options;
      const time =
        timestamp === undefined
          ? ''
          : `${timestamp / 1_000_000_000n}.${String(timestamp % 1_000_000_000n).padStart(9, '0')}`;
      return [
        // tshark gives the number in the section; each of these two has one interface.
        ...[time, originalLength, data.length, form === 'sections' ? 0 : packet.interface],
        flags === undefined ? '' : `0x${(flags & 3).toString(16).padStart(8, '0')}`,
        ...[dropCount ?? '', packetId ?? '', queue ?? ''],
        verdict?.kind === 'xdp' ? verdict.value : '',
      ].join('|');
    });
    expect(shown.text.trimEnd().split('\n')).toEqual(ours);
  });
});
