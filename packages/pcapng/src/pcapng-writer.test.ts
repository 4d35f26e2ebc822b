import { closeSync, openSync, writeSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { collector, hex } from '../test/tools.ts';
import { PcapWriter } from './pcap-writer.ts';
import { PcapngWriter } from './pcapng-writer.ts';
import { readCapture } from './reader.ts';

const ethernet = { linkType: 1, snapLen: 64 };
const data = Uint8Array.of(0xaa, 0xbb, 0xcc, 0xdd, 0xee);
const packet = { interface: 0, timestamp: 0x0102030405060708n, data, originalLength: 5 };

test('a tiny file, byte for byte', () => {
  const out = collector();
  const writer = new PcapngWriter(out.write);
  writer.interface({ ...ethernet, name: 'lo' });
  writer.packet({ ...packet, options: { flags: 2, verdict: { kind: 'xdp', value: 2n } } });
  writer.flush();
  expect(hex(out.bytes())).toBe(
    [
      '0a0d0d0a 20000000 4d3c2b1a 0100 0000 ffffffffffffffff 00000000 20000000',
      '01000000 28000000 0100 0000 40000000 0200 0200 6c6f0000 0900 0100 09000000 00000000 28000000',
      '06000000 44000000 00000000 04030201 08070605 05000000 05000000 aabbccddee000000',
      '0200 0400 02000000 0700 0900 02 0200000000000000 000000 00000000 44000000',
    ]
      .join('')
      .replaceAll(' ', ''),
  );
  expect(writer.size).toBe(out.bytes().length);
});

test('a packet without options has no option list', () => {
  const out = collector();
  const writer = new PcapngWriter(out.write);
  writer.interface(ethernet);
  const before = writer.size;
  writer.packet(packet);
  expect(writer.size - before).toBe(12 + 20 + 8);
});

test('nothing is written before the first flush, and a large packet is one piece', () => {
  const out: number[] = [];
  const writer = new PcapngWriter((chunk) => out.push(chunk.length));
  const id = writer.interface({ linkType: 1, snapLen: 0 });
  expect(out).toEqual([]);
  const large = new Uint8Array(1_000_001);
  writer.packet({ interface: id, timestamp: 1n, data: large, originalLength: large.length });
  expect(out).toEqual([32 + 32]);
  writer.flush();
  expect(out).toEqual([64, 12 + 20 + 1_000_004]);
});

test('a verdict becomes a comment on demand', () => {
  const out = collector();
  const writer = new PcapngWriter(out.write, {}, { verdicts: 'comment' });
  writer.interface(ethernet);
  for (const verdict of [
    { kind: 'xdp', value: 1n },
    { kind: 'tc', value: -1n },
    { kind: 'tc', value: 7n },
    { kind: 'xdp', value: 99n },
    { kind: 'hardware', data: Uint8Array.of(1, 0xff) },
  ] as const) {
    writer.packet({ ...packet, options: { comments: ['first'], verdict } });
  }
  writer.flush();
  expect(readCapture(out.bytes()).packets.map((read) => read.options)).toEqual(
    ['XDP_DROP', 'TC_ACT_UNSPEC', 'TC_ACT_REDIRECT', 'XDP 99', 'hardware 0x01ff'].map((name) => ({
      comments: ['first', `verdict ${name}`],
    })),
  );
});

test('wrong arguments throw RangeError and leave the file whole', () => {
  const out = collector();
  const writer = new PcapngWriter(out.write);
  writer.interface(ethernet);
  const wrong: [string, () => void][] = [
    ['no interface 1: 1 written so far', () => writer.packet({ ...packet, interface: 1 })],
    ['no interface -1', () => writer.statistics({ interface: -1, timestamp: 0n })],
    ['original length 4', () => writer.packet({ ...packet, originalLength: 4 })],
    ['original packet length 1.5', () => writer.packet({ ...packet, originalLength: 1.5 })],
    [
      "interface's snapshot length 64",
      () => writer.packet({ ...packet, data: new Uint8Array(65), originalLength: 65 }),
    ],
    ['timestamp -1', () => writer.packet({ ...packet, timestamp: -1n })],
    ['timestamp 18446744073709551616', () => writer.packet({ ...packet, timestamp: 1n << 64n })],
    ['option 2 -1', () => writer.packet({ ...packet, options: { flags: -1 } })],
    [
      'XDP verdict -1',
      () => writer.packet({ ...packet, options: { verdict: { kind: 'xdp', value: -1n } } }),
    ],
    [
      'tc verdict 9223372036854775808',
      () => writer.packet({ ...packet, options: { verdict: { kind: 'tc', value: 1n << 63n } } }),
    ],
    [
      'string of 65536 bytes',
      () => writer.packet({ ...packet, options: { comments: ['x'.repeat(65536)] } }),
    ],
    ['string of 65536 bytes', () => writer.interface({ ...ethernet, name: 'é'.repeat(32768) })],
    ['string of 65536 bytes', () => writer.interface({ ...ethernet, filter: 'x'.repeat(65535) })],
    ['string of 65536 bytes', () => new PcapngWriter(out.write, { os: 'x'.repeat(65536) })],
    [
      'option 77 of 65536 bytes',
      () => writer.interface({ ...ethernet, others: [{ code: 77, data: new Uint8Array(65536) }] }),
    ],
    [
      'option code 0 ends',
      () => writer.interface({ ...ethernet, others: [{ code: 0, data: new Uint8Array(0) }] }),
    ],
    ['MAC address of 5', () => writer.interface({ ...ethernet, macAddress: new Uint8Array(5) })],
    ['link type 65536', () => writer.interface({ ...ethernet, linkType: 65536 })],
    ['snapshot length -1', () => writer.interface({ ...ethernet, snapLen: -1 })],
    ['option 8 -1', () => writer.interface({ ...ethernet, speed: -1n })],
  ];
  for (const [message, action] of wrong) {
    expect(action, message).toThrow(RangeError);
    expect(action).toThrow(message);
  }
  writer.packet({ ...packet, options: { comments: ['x'.repeat(65535)] } });
  writer.flush();
  const { error, interfaces, packets } = readCapture(out.bytes());
  expect({ error, interfaces: interfaces.length }).toEqual({ error: undefined, interfaces: 1 });
  expect(packets.map((read) => read.options.comments?.[0]?.length)).toEqual([65535]);
});

test('a full disk is seen by the call that needed the disk, and by all later ones', () => {
  const disk = openSync('/dev/full', 'w');
  onTestFinished(() => closeSync(disk));
  const writer = new PcapngWriter((chunk) => writeSync(disk, chunk));
  writer.interface(ethernet);
  expect(() => writer.flush()).toThrow('ENOSPC');
  expect(() => writer.packet(packet)).toThrow('ENOSPC');
});

test('the pcap writer checks too', () => {
  const out = collector();
  expect(() => new PcapWriter(out.write, { linkType: 1, snapLen: 0 })).toThrow(RangeError);
  const writer = new PcapWriter(out.write, ethernet);
  const { timestamp } = packet;
  expect(() => writer.packet({ timestamp, data, originalLength: 4 })).toThrow('original length 4');
  expect(() => writer.packet({ timestamp: -1n, data, originalLength: 5 })).toThrow('timestamp -1');
  expect(() =>
    writer.packet({ timestamp: 4_294_967_296_000_000_000n, data, originalLength: 5 }),
  ).toThrow('does not fit in a pcap file');
  writer.packet({ timestamp: 4_294_967_295_999_999_999n, data, originalLength: 5 });
  expect(writer.size).toBe(24 + 16 + 5);
});
