import { contains, MOST } from '../intervals.ts';
import type { Interval } from '../types.ts';
import { hex } from './text.ts';
import type { Table } from './types.ts';

/** One comparison for each interval. */
export function comparisons(intervals: readonly Interval[]): Table {
  return {
    kind: 'comparisons',
    bytes: 0,
    has: (value) => contains(intervals, value),
    arrays: () => [],
    body: () => [`return ${intervals.map(compare).join(' || ')};`],
  };
}

function compare([first, last]: Interval): string {
  if (first === last) return `value == ${hex(first)}`;
  if (first === 0) return `value <= ${hex(last)}`;
  if (last === MOST) return `value >= ${hex(first)}`;
  return `value - ${hex(first)} <= ${hex(last - first)}`;
}
