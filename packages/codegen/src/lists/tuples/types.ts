import type { ArithOp, LoadSize, Value } from '@hookdump/filter';

/** What a number of a packet is made of; operands are indices of Expressions.all or of {@link Walk.expressions}. */
export type Expression =
  | { readonly kind: 'const'; readonly value: number }
  | {
      readonly kind: 'load';
      readonly size: LoadSize;
      readonly offset: number;
      readonly index?: number;
    }
  | {
      readonly kind: 'arith';
      readonly op: ArithOp;
      readonly left: number;
      readonly right: number;
    }
  /** Scratch words, and what is not in the packet. */
  | { readonly kind: 'given'; readonly value: Value };

/** A test as a walk makes it: whether an expression is `number`, or at least that. */
export interface PlainTest {
  readonly expression: number;
  readonly op: '==' | '>=';
  readonly number: number;
}

/**
 * The tests of a region as data, in the order in which the filter has them: what a load beyond the
 * packet's end ends depends on it. For packets that are not read the fast way; they are few.
 */
export interface Walk {
  /** Ends a C identifier: `walk_NAME(packet, …)`. */
  readonly name: string;
  /** Operands before what is made of them. */
  readonly expressions: readonly Expression[];
  /** The expressions that the walk is given, in the order of its arguments. */
  readonly given: readonly number[];
  readonly questions: readonly Pick<PlainTest, 'expression' | 'op'>[];
  readonly tests: readonly WalkTest[];
}

/** Where `yes` and `no` lead: to a test further on, or out: see NO and YES of walk.ts. */
export interface WalkTest {
  /** Of {@link Walk.questions}. */
  readonly question: number;
  readonly number: number;
  readonly yes: number;
  readonly no: number;
}
