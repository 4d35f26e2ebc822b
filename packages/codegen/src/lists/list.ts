import type { AnyList, Interval, List, TupleList } from './types.ts';

/**
 * The list of some numbers, named after them: equal numbers have equal names, and others have others,
 * but for a chance of 2⁻⁴⁸.
 */
export function listOf(intervals: readonly Interval[]): List {
  return { name: `list_${digest(intervals.flat())}`, intervals };
}

/** The same for rows of numbers, in whatever order they are. */
export function tupleListOf(unordered: readonly (readonly number[])[]): TupleList {
  const rows = [...unordered].sort((a, b) => {
    const at = a.findIndex((number, index) => number !== b[index]);
    return at < 0 ? 0 : a[at]! - b[at]!;
  });
  return { name: `tuples_${digest([rows[0]!.length, ...rows.flat()])}`, rows };
}

/** Whether it is one of numbers, not of rows of them. */
export const isList = (list: AnyList): list is List => 'intervals' in list;

/** 12 hexadecimal digits. */
export function digest(numbers: readonly number[]): string {
  return hash(numbers, 0x811c9dc5) + hash(numbers, numbers.length).slice(0, 4);
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
