import type { Expression } from './expression-table.ts';

/**
 * Code of all blocks, before memory is given out: `k` of an instruction that loads or stores M[]
 * is the index of a {@link Copy}, or `wordName` of a word. All stores are made that anyone could
 * want; those that nobody did are left out in the end. A return among the instructions of a block
 * is where it is sure to reject.
 */
export interface Code {
  readonly code: readonly number[];
  readonly k: readonly number[];
  /** Where each block begins; one more for the end. */
  readonly starts: readonly number[];
  readonly ends: readonly End[];
  readonly copies: readonly Copy[];
}

/** A value that was computed at some place and can be kept in memory from there on. */
export interface Copy {
  readonly value: Expression;
  readonly index: number;
  readonly block: number;
  /** Where its store is. */
  readonly at: number;
  /** Where its last load is; `none` if there is none: then it need not be stored. */
  lastLoad: number;
  /** The copy of the same value that was made before it. */
  readonly before: Copy | undefined;
}

/** How a block ends, after its instructions. */
export type End =
  | { readonly kind: 'jump'; readonly to: number }
  | {
      readonly kind: 'test';
      readonly code: number;
      readonly k: number;
      readonly yes: number;
      readonly no: number;
    }
  | { readonly kind: 'return'; readonly code: number; readonly k: number };
