import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collector } from '../test/tools.ts';
import { PcapWriter } from './pcap-writer.ts';
import { type PacketToWrite, PcapngWriter, type StatisticsToWrite } from './pcapng-writer.ts';
import { readCapture } from './reader.ts';

const text = fc.string({ unit: 'binary', maxLength: 40 });
const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffffffff);
const u64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const i64 = fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n });
const bytes = fc.uint8Array({ maxLength: 100 });
const comments = fc.array(text, { minLength: 1, maxLength: 3 });
/** Codes that nobody has taken: others would be read into their fields. */
const others = fc.array(fc.record({ code: fc.integer({ min: 1000, max: 0xffff }), data: bytes }), {
  minLength: 1,
  maxLength: 3,
});
const optional = { requiredKeys: [] };

const section = fc.record(
  { hardware: text, os: text, application: text, comments, others },
  optional,
);
const description = fc.record(
  {
    linkType: u16,
    snapLen: fc.constantFrom(0, 100, 262144),
    name: text,
    description: text,
    filter: text,
    os: text,
    hardware: text,
    macAddress: fc.uint8Array({ minLength: 6, maxLength: 6 }),
    speed: u64,
    comments,
    others,
  },
  { requiredKeys: ['linkType', 'snapLen'] },
);
const verdict = fc.oneof(
  fc.record({ kind: fc.constant('tc' as const), value: i64 }),
  fc.record({ kind: fc.constant('xdp' as const), value: u64 }),
  fc.record({ kind: fc.constant('hardware' as const), data: bytes }),
);
const options = fc.record(
  {
    comments,
    flags: u32,
    dropCount: u64,
    packetId: u64,
    queue: u32,
    verdict,
    process: fc.record({ pid: u32, tid: u32 }),
    others,
  },
  optional,
);
const packet = fc
  .record({ timestamp: u64, data: bytes, cut: u16, options })
  .map(({ cut, ...rest }) => ({ ...rest, originalLength: rest.data.length + cut }));
const statistics = fc.record(
  {
    timestamp: u64,
    start: u64,
    end: u64,
    received: u64,
    dropped: u64,
    accepted: u64,
    osDropped: u64,
    delivered: u64,
    comments,
    others,
  },
  { requiredKeys: ['timestamp'] },
);

test('pcapng: what is written is read back, all of it', () => {
  const file = fc.record({
    section,
    interfaces: fc.array(description, { minLength: 1, maxLength: 3 }),
    events: fc.array(fc.oneof(fc.tuple(fc.nat(), packet), fc.tuple(fc.nat(), statistics))),
    flushes: fc.boolean(),
  });
  fc.assert(
    fc.property(file, ({ section, interfaces, events, flushes }) => {
      const out = collector();
      const writer = new PcapngWriter(out.write, section);
      for (const [id, one] of interfaces.entries()) expect(writer.interface(one)).toBe(id);
      const packets: PacketToWrite[] = [];
      const statistics: StatisticsToWrite[] = [];
      for (const [choice, event] of events) {
        const id = choice % interfaces.length;
        if ('data' in event) {
          packets.push({ interface: id, ...event });
          writer.packet({ interface: id, ...event });
        } else {
          statistics.push({ interface: id, ...event });
          writer.statistics({ interface: id, ...event });
        }
        if (flushes) writer.flush();
      }
      writer.flush();
      expect(readCapture(out.bytes())).toEqual({
        format: 'pcapng',
        sections: [
          {
            kind: 'section',
            byteOrder: 'little',
            version: { major: 1, minor: 0 },
            sectionLength: undefined,
            ...section,
          },
        ],
        interfaces: interfaces.map((one, id) => ({
          kind: 'interface',
          id,
          ticksPerSecond: 1_000_000_000n,
          timestampOffset: 0n,
          ...one,
        })),
        packets: packets.map((one) => ({ kind: 'packet', ...one })),
        statistics: statistics.map((one) => ({ kind: 'statistics', ...one })),
        unknown: [],
      });
    }),
  );
});

test('pcap: what is written is read back', () => {
  const timestamp = fc.bigInt({ min: 0n, max: 4_294_967_295_999_999_999n });
  const packets = fc.array(
    packet.chain(({ data, originalLength }) =>
      timestamp.map((timestamp) => ({ timestamp, data, originalLength })),
    ),
  );
  fc.assert(
    fc.property(
      u16,
      fc.integer({ min: 100, max: 0xffffffff }),
      packets,
      (linkType, snapLen, list) => {
        const out = collector();
        const writer = new PcapWriter(out.write, { linkType, snapLen });
        for (const one of list) writer.packet(one);
        writer.flush();
        const read = readCapture(out.bytes());
        expect(read.format).toBe('pcap');
        expect(read.error).toBeUndefined();
        expect(read.interfaces).toEqual([
          {
            kind: 'interface',
            id: 0,
            linkType,
            snapLen,
            ticksPerSecond: 1_000_000_000n,
            timestampOffset: 0n,
          },
        ]);
        expect(read.packets).toEqual(
          list.map((one) => ({ kind: 'packet', interface: 0, ...one, options: {} })),
        );
      },
    ),
  );
});
