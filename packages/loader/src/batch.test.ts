import { expect, test } from 'vitest';
import { records } from './batch.ts';

/** Entries as described in batch.ts, written independently of native/. */
function encode(samples: readonly { cpu: number; data: Uint8Array }[]): ArrayBuffer {
  const parts = samples.flatMap(({ cpu, data }) => {
    const header = Buffer.alloc(8);
    header.writeUInt32LE(data.length, 0);
    header.writeUInt32LE(cpu, 4);
    return [header, data, Buffer.alloc((8 - (data.length % 8)) % 8)];
  });
  return new Uint8Array(Buffer.concat(parts)).buffer;
}

test('gives back what is in a batch, at every length around the padding', () => {
  const samples = Array.from({ length: 20 }, (_, i) => {
    return { cpu: i % 3, data: new Uint8Array(i).fill(i % 2 === 0 ? 0 : i) };
  });
  expect([...records({ data: encode(samples) })]).toEqual(samples);
});

test('an empty batch has none', () => {
  expect([...records({ data: new ArrayBuffer(0) })]).toEqual([]);
});
