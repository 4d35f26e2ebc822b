import type { BlockId, Terminator, Value, ValueId } from '@hookdump/filter';
import type { ListEnd } from '../lists/types.ts';
import type { Constants } from './decide.ts';

/** A block whose test may turn out to be decided: it then goes one way. */
export interface PreparedBlock {
  readonly id: BlockId;
  readonly values: readonly Value[];
  readonly end: PreparedEnd;
}

export type PreparedEnd =
  | Terminator
  | { readonly kind: 'jump'; readonly to: BlockId }
  | ListEnd
  | WideTest;

/** Whether two loads of 4 bytes each, one behind the other, give these numbers: see merge-tests.ts. */
export interface WideTest {
  readonly kind: 'wide';
  readonly loads: readonly [ValueId, ValueId];
  readonly numbers: readonly [number, number];
  readonly yes: BlockId;
  readonly no: BlockId;
}

/** An end that goes one of two ways. */
export type Choice = Extract<PreparedEnd, { readonly yes: BlockId }>;

export const isChoice = (end: PreparedEnd): end is Choice => 'yes' in end;

/** A program as the C emitter wants it: what cannot be reached is gone, and uses are counted. */
export interface Prepared {
  /** The blocks that can be reached, in the program's order, under its own numbers. */
  readonly blocks: ReadonlyMap<BlockId, PreparedBlock>;
  readonly byId: ReadonlyMap<ValueId, Value>;
  readonly constants: Constants;
  /** The scratch words that are looked at. */
  readonly words: ReadonlySet<number>;
  /** What is put into them where somebody may look further on; the rest is not printed. */
  readonly stores: ReadonlySet<ValueId>;
  /**
   * How many times each value is read by what will be printed; 0: never. A load or a division that
   * nobody reads still stands for the rejection that it may cause.
   */
  readonly uses: ReadonlyMap<ValueId, number>;
}

/** The blocks that a block leads to. */
export function targets({ end }: PreparedBlock): readonly BlockId[] {
  if (end.kind === 'jump') return [end.to];
  return isChoice(end) ? [end.yes, end.no] : [];
}

/** How many blocks lead to each. */
export function entriesOf(
  blocks: ReadonlyMap<BlockId, PreparedBlock>,
): ReadonlyMap<BlockId, number> {
  const entries = new Map<BlockId, number>();
  for (const block of blocks.values()) {
    for (const to of targets(block)) entries.set(to, (entries.get(to) ?? 0) + 1);
  }
  return entries;
}

export function isDivision(value: Value): value is Value & { kind: 'arith' } {
  return value.kind === 'arith' && (value.op === '/' || value.op === '%');
}

/** A division whose divisor the packet gives: it must be compared with 0 first. */
export function mayReject(value: Value, constants: Constants): value is Value & { kind: 'arith' } {
  return isDivision(value) && !constants.has(value.right);
}
