import type { Interval } from '../types.ts';
import { hex, printArray } from './text.ts';
import type { Table } from './types.ts';

/** A bit for each number from the first to the last. */
export function bits(intervals: readonly Interval[]): Table {
  const base = intervals[0]![0] >= 32 ? intervals[0]![0] : 0;
  const span = intervals[intervals.length - 1]![1] - base + 1;
  // Bytes: the verifier knows how far their index goes, without a mask in between.
  const bytes = new Uint8Array(Math.ceil(span / 8));
  for (const [first, last] of intervals) {
    for (let value = first; value <= last; value++) {
      const at = value - base;
      bytes[at >>> 3]! |= 1 << (at & 7);
    }
  }
  return {
    kind: 'bits',
    bytes: bytes.length,
    has: (value) => {
      const at = (value - base) >>> 0;
      return at < span && ((bytes[at >>> 3]! >>> (at & 7)) & 1) === 1;
    },
    arrays: (name) => printArray(`${name}_bits`, bytes),
    body: (name) => [
      `__u64 at = ${base === 0 ? 'value' : `(__u32)(value - ${hex(base)})`};`,
      '',
      'opaque(at);',
      `return at < ${hex(span)} && (${name}_bits[at >> 3] >> (at & 7) & 1);`,
    ],
  };
}

/** How many bytes it takes. */
export function bytesOfBits(intervals: readonly Interval[]): number {
  return (intervals[intervals.length - 1]![1] - intervals[0]![0] + 1) / 8;
}
