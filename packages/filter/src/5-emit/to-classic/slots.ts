import { memoryWords } from '../opcodes.ts';
import { type Expression, none } from './expression-table.ts';

/** Something for as long as memory must hold it: from one instruction to another. */
export interface Interval {
  readonly from: number;
  to: number;
  /** The value that is kept; `none` for a word of the program. */
  readonly value: Expression;
  /** The word of M[] that it has been given. */
  slot: number;
}

/**
 * Gives each interval a word of M[] that no other has at the same time.
 *
 * @param canRecompute may a value be dropped from memory?
 * @returns values that must be dropped for the others to have room, none if all have; `undefined`
 *   if dropping values would not help
 */
export function allot(
  intervals: readonly Interval[],
  canRecompute: (value: Expression) => boolean,
): Expression[] | undefined {
  const holders: (Interval | undefined)[] = new Array(memoryWords).fill(undefined);
  const dropped: Expression[] = [];
  for (const next of [...intervals].sort((one, other) => one.from - other.from)) {
    let slot = holders.findIndex((each) => each === undefined || each.to < next.from);
    if (slot === none) {
      // The one that is wanted longest makes room for the most others.
      const candidates = [...holders, next].filter(
        (each): each is Interval => each!.value !== none && canRecompute(each!.value),
      );
      if (candidates.length === 0) return undefined;
      const victim = candidates.reduce((one, other) => (one.to > other.to ? one : other));
      dropped.push(victim.value);
      if (victim === next) continue;
      slot = holders.indexOf(victim);
    }
    holders[slot] = next;
    next.slot = slot;
  }
  return dropped;
}
