import type { Value, ValueId } from '@hookdump/filter';
import type { Prepared, PreparedBlock } from '../prepared.ts';
import { readsOf, readsOfEnd } from './reads.ts';

/** Indices of the block that computes a value and of the last one that reads it. */
export interface Range {
  readonly first: number;
  last: number;
}

/**
 * By value, in the order in which they are computed, where it is needed.
 *
 * @param repeated values that are computed again where they are read, of what they read themselves
 */
export function rangesOf(
  blocks: readonly PreparedBlock[],
  prepared: Prepared,
  repeated: ReadonlySet<ValueId> = new Set(),
): ReadonlyMap<ValueId, Range> {
  const ranges = new Map<ValueId, Range>();
  for (const [index, { values, end }] of blocks.entries()) {
    const read = (id: ValueId): void => {
      const range = ranges.get(id);
      if (range !== undefined) range.last = index;
      if (repeated.has(id)) readsOf(prepared.byId.get(id)!, prepared).forEach(read);
    };
    for (const value of values) {
      for (const id of readsOf(value, prepared)) read(id);
      if (prepared.constants.has(value.id) || isAsked(value)) continue;
      ranges.set(value.id, { first: index, last: index });
    }
    for (const id of readsOfEnd(end)) read(id);
  }
  return ranges;
}

/** By index of a block: how many values are computed before it and read in it or behind it. */
export function countLive(blocks: readonly PreparedBlock[], prepared: Prepared): readonly number[] {
  const changes = new Array<number>(blocks.length + 2).fill(0);
  for (const { first, last } of rangesOf(blocks, prepared).values()) {
    if (last <= first) continue;
    changes[first + 1]!++;
    changes[last + 1]!--;
  }
  let sum = 0;
  return changes.map((change) => {
    sum += change;
    return sum;
  });
}

/** What is asked of a packet once, for all parts. */
export type Asked = Extract<Value, { kind: 'length' | 'ancillary' }>;

export function isAsked(value: Value): value is Asked {
  return value.kind === 'length' || value.kind === 'ancillary';
}
