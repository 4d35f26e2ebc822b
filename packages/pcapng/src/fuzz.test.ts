/** Whatever the bytes, reading ends, in CaptureFileError or without. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { handMade } from '../test/hand-made.ts';
import type { CaptureBlock } from './blocks.ts';
import { CaptureFileError } from './error.ts';
import { type Capture, CaptureReader, readCapture } from './reader.ts';

/** FUZZ_RUNS=100000 for a long run. */
const numRuns = Number(process.env.FUZZ_RUNS ?? 2000);

/** Blocks of all kinds with options of all codes, some fit, some not, in either byte order. */
const file = fc.boolean().chain((little) => {
  const make = handMade(little);
  const data = fc.uint8Array({ maxLength: 20 });
  const number = fc.nat(3).map(BigInt);
  const fit = fc
    .constantFrom(0, 1, 4, 6, 8, 9)
    .chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
  const options = fc.array(fc.tuple(fc.nat(16), fc.oneof(data, fit)), { maxLength: 4 });
  const id = fc.nat(3);
  const block = fc.oneof(
    fc.tuple(options, fc.bigInt({ min: -1n, max: 99n })).map((list) => make.section(...list)),
    fc.tuple(fc.nat(300), fc.nat(30), options).map((list) => make.interface(...list)),
    fc.tuple(id, number, data, fc.nat(), options).map((list) => make.enhanced(...list)),
    fc.tuple(id, fc.nat(0xffff), number, data, fc.nat(), options).map((list) => make.old(...list)),
    data.map((bytes) => make.simple(bytes.length, bytes)),
    fc.tuple(fc.nat(40), data).map((list) => make.simple(...list)),
    fc.tuple(id, number, options).map((list) => make.statistics(...list)),
    fc.tuple(fc.nat(12), data).map(([type, body]) => make.block(type, body)),
  );
  return fc
    .array(block, { maxLength: 8 })
    .map((blocks) =>
      Buffer.concat([make.section(), ...Array(3).fill(make.interface(1, 0)), ...blocks]),
    );
});

/** A file with some bytes overwritten, inserted or cut out. */
const damaged = fc
  .tuple(file, fc.array(fc.tuple(fc.nat(), fc.uint8Array({ maxLength: 4 }), fc.nat(4))))
  .map(([bytes, changes]) => {
    let result: Uint8Array = bytes;
    for (const [position, put, cut] of changes) {
      const at = position % (result.length + 1);
      result = Buffer.concat([result.subarray(0, at), put, result.subarray(at + cut)]);
    }
    return result;
  });

const pcap = fc
  .tuple(
    fc.constantFrom('d4c3b2a1', 'a1b2c3d4', '4d3cb2a1', 'a1b23c4d'),
    fc.boolean(),
    fc.array(fc.oneof(fc.constant(0), fc.nat(255)), { maxLength: 100 }),
  )
  .map(([magic, versioned, rest]) => {
    const little = magic.endsWith('a1');
    const version = versioned ? (little ? '02000400' : '00020004') : '';
    return Buffer.concat([Buffer.from(magic + version, 'hex'), Uint8Array.from(rest)]);
  });

const anything = fc.oneof(
  { weight: 6, arbitrary: damaged },
  { weight: 2, arbitrary: pcap },
  { weight: 1, arbitrary: fc.uint8Array() },
  {
    weight: 1,
    arbitrary: fc.uint8Array().map((rest) => Buffer.concat([handMade(true).section(), rest])),
  },
);

function requireSane(capture: Capture, bytes: Uint8Array): void {
  if (capture.error !== undefined) {
    expect(capture.error).toBeInstanceOf(CaptureFileError);
    expect(capture.error.offset).toBeLessThanOrEqual(bytes.length);
  }
  let total = 0;
  for (const packet of capture.packets) {
    expect(capture.interfaces[packet.interface]?.id).toBe(packet.interface);
    // Views of the input: nothing was allocated for them.
    expect(packet.data.buffer).toBe(bytes.buffer);
    total += packet.data.length;
  }
  expect(total).toBeLessThanOrEqual(bytes.length);
}

test('readCapture gives sane packets and throws nothing', () => {
  fc.assert(
    fc.property(anything, (bytes) => {
      requireSane(readCapture(bytes), bytes);
    }),
    { numRuns },
  );
});

test('the files that the fuzzer starts from are worth damaging', () => {
  let packets = 0;
  let whole = 0;
  for (const bytes of fc.sample(file, { numRuns: 300, seed: 1 })) {
    const capture = readCapture(bytes);
    packets += capture.packets.length;
    if (capture.error === undefined) whole++;
  }
  expect(packets).toBeGreaterThan(100);
  expect(whole).toBeGreaterThan(50);
});

test('CaptureReader gives the same, however the bytes are cut', () => {
  const cuts = fc.infiniteStream(fc.integer({ min: 0, max: 50 }));
  fc.assert(
    fc.property(anything, cuts, (bytes, lengths) => {
      const reader = new CaptureReader();
      const blocks: CaptureBlock[] = [];
      let error: unknown;
      try {
        for (let at = 0; at < bytes.length; ) {
          const end = at + (lengths.next().value ?? 50);
          for (const block of reader.push(bytes.subarray(at, end))) blocks.push(block);
          at = end;
        }
        reader.end();
      } catch (thrown) {
        error = thrown;
      }
      const capture = readCapture(bytes);
      expect(error).toEqual(capture.error);
      expect(error instanceof CaptureFileError || error === undefined).toBe(true);
      const of = (...kinds: string[]) => blocks.filter((block) => kinds.includes(block.kind));
      expect(of('section')).toEqual(capture.sections);
      expect(of('interface')).toEqual(capture.interfaces);
      expect(of('packet', 'simple-packet')).toEqual(capture.packets);
      expect(of('statistics')).toEqual(capture.statistics);
      expect(of('unknown')).toEqual(capture.unknown);
    }),
    { numRuns: numRuns / 4 },
  );
});
