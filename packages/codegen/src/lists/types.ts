import type { BlockId, Terminator, ValueId } from '@hookdump/filter';

/** Numbers from `first` to `last`, both included; unsigned, 32 bits. */
export type Interval = readonly [first: number, last: number];

/**
 * Numbers that a filter asks for together: the addresses of hosts and networks, ports. Equal lists
 * have equal names, so that two functions of one object can share a table.
 */
export interface List {
  /** Ends a C identifier: the test is `in_NAME(value)`. */
  readonly name: string;
  /** Ascending, with gaps between them; not empty. */
  readonly intervals: readonly Interval[];
}

/** How a block ends that asks whether a value is in a list. */
export interface MemberEnd {
  readonly kind: 'member';
  readonly value: ValueId;
  readonly list: List;
  readonly yes: BlockId;
  readonly no: BlockId;
}

/**
 * A test that matters only where a load further on fails, which ends the program. If all loads
 * succeed, taking it not to hold leads to the same in the end.
 */
export type EarlyBranch = Extract<Terminator, { kind: 'branch' }> & { readonly early: true };
