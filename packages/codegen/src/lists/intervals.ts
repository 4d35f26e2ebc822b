import type { Interval } from './types.ts';

/** The largest number of 32 bits. */
export const MOST = 0xffffffff;

/** All that is in one of some intervals: ascending, with gaps between them. */
export function unite(intervals: readonly Interval[]): readonly Interval[] {
  const united: [number, number][] = [];
  for (const [first, last] of [...intervals].sort((a, b) => a[0] - b[0])) {
    const before = united[united.length - 1];
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else united.push([first, last]);
  }
  return united;
}

/** All from 0 to `most` that is in none of some intervals, which ascend with gaps between them. */
export function complement(intervals: readonly Interval[], most: number): readonly Interval[] {
  const outside: Interval[] = [];
  let from = 0;
  for (const [first, last] of intervals) {
    if (first > from) outside.push([from, Math.min(first - 1, most)]);
    from = last + 1;
    if (from > most) break;
  }
  if (from <= most) outside.push([from, most]);
  return outside;
}

/** What is in `a` and not in `b`; both ascend with gaps, and so does the result. */
export function subtract(a: readonly Interval[], b: readonly Interval[]): readonly Interval[] {
  const left: Interval[] = [];
  let at = 0;
  for (const [first, last] of a) {
    let from = first;
    while (at < b.length && b[at]![1] < from) at++;
    for (let cut = at; cut < b.length && b[cut]![0] <= last; cut++) {
      if (b[cut]![0] > from) left.push([from, b[cut]![0] - 1]);
      from = b[cut]![1] + 1;
    }
    if (from <= last) left.push([from, last]);
  }
  return left;
}

/** How many numbers there are in them. */
export function countNumbers(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, [first, last]) => sum + (last - first + 1), 0);
}

/** Whether a number is in one of them; these ascend. */
export function contains(intervals: readonly Interval[], value: number): boolean {
  let low = 0;
  let high = intervals.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (intervals[middle]![1] < value) low = middle + 1;
    else high = middle;
  }
  return low < intervals.length && intervals[low]![0] <= value;
}
