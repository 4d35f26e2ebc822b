/** Numbers from `lo` to `hi`, ends included. */
export interface Interval {
  readonly lo: number;
  readonly hi: number;
}

/** All that is in one of some intervals, ascending and with gaps between them. */
export function unite(intervals: readonly Interval[]): readonly Interval[] {
  const united: { lo: number; hi: number }[] = [];
  for (const { lo, hi } of intervals.slice().sort((a, b) => a.lo - b.lo)) {
    const last = united[united.length - 1];
    if (last !== undefined && lo <= last.hi + 1) last.hi = Math.max(last.hi, hi);
    else united.push({ lo, hi });
  }
  return united;
}

/** All from 0 to `max` that is in none of some intervals; these ascend with gaps between them. */
export function complement(intervals: readonly Interval[], max: number): readonly Interval[] {
  const outside: Interval[] = [];
  let from = 0;
  for (const { lo, hi } of intervals) {
    if (lo > from) outside.push({ lo: from, hi: lo - 1 });
    from = hi + 1;
  }
  if (from <= max) outside.push({ lo: from, hi: max });
  return outside;
}

/** All that is in one of some intervals and in one of others; both ascend with gaps between them. */
export function intersect(
  some: readonly Interval[],
  others: readonly Interval[],
): readonly Interval[] {
  return some.flatMap((one) =>
    others.flatMap((other) => {
      const [lo, hi] = [Math.max(one.lo, other.lo), Math.min(one.hi, other.hi)];
      return lo <= hi ? [{ lo, hi }] : [];
    }),
  );
}
