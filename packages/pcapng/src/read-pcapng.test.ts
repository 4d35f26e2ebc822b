import { describe, expect, test } from 'vitest';
import { arpFrame, handMade } from '../test/hand-made.ts';
import { CaptureFileError } from './error.ts';
import { readCapture } from './reader.ts';

const data = Uint8Array.of(1, 2, 3, 4, 5);
const utf8 = (text: string) => new TextEncoder().encode(text);

describe.each([
  ['little-endian', true],
  ['big-endian', false],
])('pcapng, %s', (_, little) => {
  const make = handMade(little);
  const file = (...blocks: Uint8Array[]) => Buffer.concat([make.section(), ...blocks]);

  test('all typed options', () => {
    const { u32, u64, time } = make;
    const capture = readCapture(
      Buffer.concat([
        make.section(
          [
            [1, utf8('one')],
            [2, utf8('hw')],
            [3, utf8('os')],
            [4, utf8('app')],
            [1, utf8('two')],
          ],
          1000n,
        ),
        make.interface(1, 96, [
          [2, utf8('eth0')],
          [3, utf8('first')],
          [6, Uint8Array.of(2, 0, 0, 0, 0, 1)],
          [8, u64(10_000_000_000n)],
          [9, Uint8Array.of(9)],
          [11, Uint8Array.of(0, ...utf8('icmp'))],
          [12, utf8('Linux')],
          [15, utf8('veth')],
        ]),
        make.enhanced(0, 0x0102030405060708n, data, 9, [
          [2, u32(5)],
          [4, u64(7n)],
          [5, u64(8n)],
          [6, u32(3)],
          [7, Buffer.concat([Uint8Array.of(1), u64(-1n)])],
          [7, Buffer.concat([Uint8Array.of(2), u64(1n)])],
          [8, Buffer.concat([u32(11), u32(12)])],
        ]),
        make.statistics(0, 50n, [
          [2, time(0x100000002n)],
          [3, time(0x100000003n)],
          [4, u64(4n)],
          [5, u64(5n)],
          [6, u64(6n)],
          [7, u64(7n)],
          [8, u64(8n)],
        ]),
      ]),
    );
    expect(capture).toEqual({
      format: 'pcapng',
      sections: [
        {
          kind: 'section',
          byteOrder: little ? 'little' : 'big',
          version: { major: 1, minor: 0 },
          sectionLength: 1000n,
          comments: ['one', 'two'],
          hardware: 'hw',
          os: 'os',
          application: 'app',
        },
      ],
      interfaces: [
        {
          kind: 'interface',
          id: 0,
          linkType: 1,
          snapLen: 96,
          ticksPerSecond: 1_000_000_000n,
          timestampOffset: 0n,
          name: 'eth0',
          description: 'first',
          macAddress: Uint8Array.of(2, 0, 0, 0, 0, 1),
          speed: 10_000_000_000n,
          filter: 'icmp',
          os: 'Linux',
          hardware: 'veth',
        },
      ],
      packets: [
        {
          kind: 'packet',
          interface: 0,
          timestamp: 0x0102030405060708n,
          originalLength: 9,
          data,
          options: {
            flags: 5,
            dropCount: 7n,
            packetId: 8n,
            queue: 3,
            verdict: { kind: 'tc', value: -1n },
            process: { pid: 11, tid: 12 },
            others: [{ code: 7, data: Uint8Array.of(2, ...u64(1n)) }],
          },
        },
      ],
      statistics: [
        {
          kind: 'statistics',
          interface: 0,
          timestamp: 50n,
          start: 0x100000002n,
          end: 0x100000003n,
          received: 4n,
          dropped: 5n,
          accepted: 6n,
          osDropped: 7n,
          delivered: 8n,
        },
      ],
      unknown: [],
    });
  });

  test.each<[string, number | undefined, bigint, bigint]>([
    ['microseconds by default', undefined, 1_700_000_000_123_456n, 1_700_000_000_123_456_000n],
    ['seconds', 0, 1_700_000_000n, 1_700_000_000_000_000_000n],
    ['picoseconds, rounded down', 12, 1_999n, 1n],
    ['2^-10 s', 0x80 | 10, (1_700_000_000n << 10n) | 1n, 1_700_000_000_000_976_562n],
    ['2^-32 s', 0x80 | 32, (5n << 32n) | (1n << 31n), 5_500_000_000n],
    ['10^-127 s', 127, (1n << 64n) - 1n, 0n],
    ['2^-127 s', 0xff, (1n << 64n) - 1n, 0n],
  ])('timestamps in %s', (_, resolution, ticks, expected) => {
    const capture = readCapture(
      file(
        make.interface(1, 0, resolution === undefined ? [] : [[9, Uint8Array.of(resolution)]]),
        make.enhanced(0, ticks, data, 5),
      ),
    );
    expect(capture.packets.map((packet) => packet.timestamp)).toEqual([expected]);
  });

  test('if_tsoffset is added, in statistics too', () => {
    const { packets, statistics } = readCapture(
      file(
        make.interface(1, 0, [[14, make.u64(-2n)]]),
        make.enhanced(0, 5_000_000n, data, 5),
        make.statistics(0, 3_000_000n, [[2, make.time(4_000_000n)]]),
      ),
    );
    expect(packets[0]?.timestamp).toBe(3_000_000_000n);
    expect(statistics[0]).toMatchObject({ timestamp: 1_000_000_000n, start: 2_000_000_000n });
  });

  test('simple packets are cut by snaplen, padding is not data', () => {
    const { packets, error } = readCapture(
      file(
        make.interface(1, 6),
        make.simple(100, Uint8Array.of(1, 2, 3, 4, 5, 6)),
        make.simple(3, Uint8Array.of(1, 2, 3)),
      ),
    );
    expect(error).toBeUndefined();
    expect(packets).toEqual([
      {
        kind: 'simple-packet',
        interface: 0,
        originalLength: 100,
        data: Uint8Array.of(1, 2, 3, 4, 5, 6),
        options: {},
      },
      {
        kind: 'simple-packet',
        interface: 0,
        originalLength: 3,
        data: Uint8Array.of(1, 2, 3),
        options: {},
      },
    ]);
  });

  test('obsolete packet blocks', () => {
    const { packets } = readCapture(
      file(
        make.interface(1, 0),
        make.old(0, 4, 7n, data, 60, [[2, make.u32(2)]]),
        make.old(0, 0xffff, 8n, data, 5),
      ),
    );
    expect(packets).toEqual([
      {
        kind: 'packet',
        interface: 0,
        timestamp: 7_000n,
        originalLength: 60,
        data,
        options: { dropCount: 4n, flags: 2 },
      },
      { kind: 'packet', interface: 0, timestamp: 8_000n, originalLength: 5, data, options: {} },
    ]);
  });

  test('unknown blocks and options are kept as bytes', () => {
    const body = Uint8Array.of(9, 8, 7, 6);
    const { unknown, interfaces, packets } = readCapture(
      file(
        make.block(0x40000bad, body),
        make.block(4, make.u32(0)),
        make.interface(1, 0, [
          [2988, Uint8Array.of(0, 0, 0, 1, 65)],
          // A filter as a classic BPF program is no text.
          [11, Uint8Array.of(1, 6, 0, 0, 0, 0, 0, 0, 0)],
        ]),
        // Wireshark 4.0 rewrites verdicts as 9-byte queue options.
        make.enhanced(0, 0n, data, 5, [[6, new Uint8Array(9)]]),
      ),
    );
    expect(unknown).toEqual([
      { kind: 'unknown', type: 0x40000bad, body },
      { kind: 'unknown', type: 4, body: new Uint8Array(4) },
    ]);
    expect(interfaces[0]).not.toHaveProperty('filter');
    expect(interfaces[0]?.others?.map((option) => option.code)).toEqual([2988, 11]);
    expect(packets[0]?.options).toEqual({ others: [{ code: 6, data: new Uint8Array(9) }] });
  });

  test('interfaces are counted through the file, sections have their own numbers', () => {
    const other = handMade(!little);
    const { interfaces, packets, sections } = readCapture(
      Buffer.concat([
        file(make.interface(1, 0), make.interface(101, 0), make.enhanced(1, 1n, data, 5)),
        other.section(),
        other.interface(276, 0, [[9, Uint8Array.of(9)]]),
        other.enhanced(0, 2n, data, 5),
      ]),
    );
    expect(sections.map((section) => section.byteOrder)).toEqual(
      little ? ['little', 'big'] : ['big', 'little'],
    );
    expect(interfaces.map(({ id, linkType }) => [id, linkType])).toEqual([
      [0, 1],
      [1, 101],
      [2, 276],
    ]);
    expect(packets.map((packet) => [packet.interface, packet.timestamp])).toEqual([
      [1, 1000n],
      [2, 2n],
    ]);
  });

  const shb = 28;
  const idb = 20;
  test.each<[string, Uint8Array[], CaptureFileError['code'], number, string]>([
    ['no such interface', [make.enhanced(3, 0n, data, 5)], 'malformed', shb + 8, 'interface 3'],
    [
      'an interface of the next section',
      [make.simple(5, data)],
      'malformed',
      shb + 8,
      'interface 0',
    ],
    ['length 8', [make.u32(6), make.u32(8), make.u32(8)], 'malformed', shb + 4, 'length 8'],
    ['length 13', [make.u32(6), make.u32(13), make.u32(0)], 'malformed', shb + 4, 'length 13'],
    [
      'a huge length',
      [make.u32(6), make.u32(0xfffffffc), make.u32(0)],
      'malformed',
      shb + 4,
      '4294967292',
    ],
    [
      'two different lengths',
      [make.u32(9), make.u32(12), make.u32(16)],
      'malformed',
      shb + 8,
      '12 at its start, 16 at its end',
    ],
    [
      'a short EPB',
      [make.interface(1, 0), make.block(6, make.u32(0))],
      'malformed',
      shb + idb,
      '4 bytes of body instead of 20',
    ],
    [
      'a short ISB',
      [make.interface(1, 0), make.block(5, make.u32(0))],
      'malformed',
      shb + idb,
      'instead of 12',
    ],
    ['a short IDB', [make.block(1, make.u32(0))], 'malformed', shb, 'instead of 8'],
    [
      'data longer than the block',
      [make.interface(1, 0), make.block(6, make.u32(0), make.u64(0), make.u32(4), make.u32(4))],
      'malformed',
      shb + idb + 28,
      'packet of 4 bytes in a block with room for 0',
    ],
    [
      'a simple packet longer than the block',
      [make.interface(1, 0), make.simple(9, data)],
      'malformed',
      shb + idb + 12,
      'packet of 9 bytes in a block with room for 8',
    ],
    [
      'an option longer than the block',
      [make.block(1, make.u16(1), make.u16(0), make.u32(0), make.u16(2), make.u16(5), make.u32(0))],
      'malformed',
      shb + 16,
      'option 2 of 5 bytes',
    ],
    [
      'a misshapen tsresol',
      [make.interface(1, 0, [[9, make.u16(9)]])],
      'malformed',
      shb + 16,
      'option 9',
    ],
    [
      'a section of version 2',
      [make.block(0x0a0d0d0a, make.u32(0x1a2b3c4d), make.u16(2), make.u16(0), make.u64(-1))],
      'unsupported',
      shb + 12,
      'version 2.0',
    ],
    [
      'a section without magic',
      [make.block(0x0a0d0d0a, make.u64(0), make.u64(-1))],
      'malformed',
      shb + 8,
      'byte-order magic',
    ],
  ])('malformed: %s', (_, blocks, code, offset, message) => {
    const capture = readCapture(file(...blocks));
    expect(capture.sections).toHaveLength(1);
    expect(capture.error).toBeInstanceOf(CaptureFileError);
    expect(capture.error).toMatchObject({ code, offset });
    expect(capture.error?.message).toContain(`byte ${offset}: `);
    expect(capture.error?.message).toContain(message);
  });

  test('truncated anywhere: the packets in front, and where the last block starts', () => {
    const blocks = [
      make.section(),
      make.interface(1, 0),
      make.enhanced(0, 1n, data, 5),
      make.enhanced(0, 2n, arpFrame(), 60),
    ];
    const whole = Buffer.concat(blocks);
    const starts = blocks.map((_, index) => Buffer.concat(blocks.slice(0, index)).length);
    for (let length = 0; length < whole.length; length++) {
      const { packets, error } = readCapture(whole.subarray(0, length));
      const complete = starts.filter((start) => start <= length).length - 1;
      const atBoundary = length > 0 && starts.includes(length);
      expect(packets.length).toBe(Math.max(0, complete - 2));
      if (atBoundary) expect(error).toBeUndefined();
      else expect(error).toMatchObject({ code: 'truncated', offset: starts[complete] });
    }
    expect(readCapture(whole).packets).toHaveLength(2);
  });
});
