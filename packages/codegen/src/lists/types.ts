import type { BlockId, Terminator, ValueId } from '@hookdump/filter';
import type { Walk } from './tuples/types.ts';

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

/**
 * Several numbers that a filter asks for together, many times: the words of IPv6 addresses, sources
 * with destinations. Names are as of a {@link List}; the test is `in_NAME(a, b, …)`.
 */
export interface TupleList {
  readonly name: string;
  /** Without doubles; all of one length, of at least 1. */
  readonly rows: readonly (readonly number[])[];
}

export type AnyList = List | TupleList;

/** How a block ends that asks whether values are in a list. */
export interface MemberEnd {
  readonly kind: 'member';
  /** One, or as many as a row of a list of tuples has. */
  readonly values: readonly ValueId[];
  readonly list: AnyList;
  readonly yes: BlockId;
  readonly no: BlockId;
}

/**
 * A test that matters only where a load further on fails, which ends the program. If all loads
 * succeed, taking it not to hold leads to the same in the end.
 */
export type EarlyBranch = Extract<Terminator, { kind: 'branch' }> & { readonly early: true };

/**
 * How a block ends behind which there are two forms of the same decision: `yes` leads to the one for
 * packets that are read with care, `no` to the one for packets of which all loads succeed.
 */
export interface WayEnd {
  readonly kind: 'way';
  readonly yes: BlockId;
  readonly no: BlockId;
}

/** How a block ends that walks through tests; a load beyond the packet's end there is the program's end. */
export interface WalkEnd {
  readonly kind: 'walk';
  readonly walk: Walk;
  /** What the walk is given. */
  readonly values: readonly ValueId[];
  readonly yes: BlockId;
  readonly no: BlockId;
}

export type ListEnd = MemberEnd | WayEnd | WalkEnd;
