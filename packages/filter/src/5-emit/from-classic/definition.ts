import type { ValueId } from '../../ir/types.ts';

/** What a variable (a register or a word of memory) was last set to, on the ways to some place. */
export interface Definition {
  readonly variable: number;
  readonly value: ValueId;
  /** The number, if the value is a constant. */
  readonly constant: number | undefined;
  /** Where it was set, unless that is told by `sources`, or it needs no storing. */
  readonly place: Place | undefined;
  /** The definitions, all of this value, that it may be, where several ways meet. */
  readonly sources: readonly Definition[];
  /** Does a scratch word have to hold it, for a place where it meets others? */
  stored: boolean;
}

export interface Place {
  readonly block: number;
  /** How many values of the block come before it. */
  readonly index: number;
}

/** Marks what has to be stored, so that a scratch word holds this definition's value. */
export function demandStored(definition: Definition): void {
  const open = [definition];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.stored) continue;
    next.stored = true;
    open.push(...next.sources);
  }
}
