import type { Place } from '../headers.ts';
import { allOf, type Condition, field } from './condition.ts';

/**
 * Bytes that follow each other, the last ones first, in fours as long as there are as many. That is
 * libpcap's order: a packet that ends among them is rejected at once. (gencode.c: gen_bcmp())
 */
export function bytesAt(place: Place, offset: number, bytes: readonly number[]): Condition {
  const tests: Condition[] = [];
  let end = bytes.length;
  for (const size of [4, 2, 1] as const) {
    for (; end >= size; end -= size) {
      const value = bytes
        .slice(end - size, end)
        .reduce((number, byte) => ((number << 8) | byte) >>> 0, 0);
      tests.push(field(place, { offset: offset + end - size, size, value }));
    }
  }
  return allOf(...tests);
}
