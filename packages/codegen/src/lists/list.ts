import type { Interval, List } from './types.ts';

/**
 * The list of some numbers, named after them: equal numbers have equal names, and others have others,
 * but for a chance of 2⁻⁴⁸.
 */
export function listOf(intervals: readonly Interval[]): List {
  const numbers = intervals.flat();
  const name = hash(numbers, 0x811c9dc5) + hash(numbers, numbers.length).slice(0, 4);
  return { name: `list_${name}`, intervals };
}

/** FNV-1a, a number at a time; as 8 hexadecimal digits. */
function hash(numbers: readonly number[], seed: number): string {
  let hash = seed;
  for (const number of numbers) {
    hash = Math.imul(hash ^ number, 0x01000193);
    hash ^= hash >>> 15;
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}

export function sameNumbers(a: List, b: List): boolean {
  return (
    a.intervals.length === b.intervals.length &&
    a.intervals.every(([first, last], at) => {
      const other = b.intervals[at]!;
      return first === other[0] && last === other[1];
    })
  );
}
