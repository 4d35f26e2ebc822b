import { Interner } from './interner.ts';

/** Number of an expression: what a value is computed by, so that equal values are one. */
export type Expression = number;

/** No expression, no instruction, no block: nothing at this place. */
export const none = -1;

export const Kind = {
  constant: 0,
  length: 1,
  load: 2,
  arith: 3,
  ancillary: 4,
  /** What a word holds, which is the same wherever it is asked. */
  word: 5,
  /** What a word held when it was asked: it is stored into again later. */
  moment: 6,
} as const;

/** Expressions in the order in which they come, so that operands have lower numbers. */
export class ExpressionTable {
  readonly #table: Interner;

  /** @param expected about how many there will be */
  constructor(expected: number) {
    this.#table = new Interner(expected);
  }

  get count(): number {
    return this.#table.count;
  }

  /** One of {@link Kind}. */
  kind(of: Expression): number {
    return this.#table.rows[4 * of]! & 0xf;
  }

  /** Of arithmetic its opcode, of a load or ancillary data its size's. */
  code(of: Expression): number {
    return this.#table.rows[4 * of]! >>> 4;
  }

  /** Of a constant its value, of a load its offset, of a word its number. Unsigned. */
  number(of: Expression): number {
    return this.#table.rows[4 * of + 1]! >>> 0;
  }

  /** The left operand; of a load its index, or `none`. */
  left(of: Expression): Expression {
    return this.#table.rows[4 * of + 2]!;
  }

  /** The right operand, or `none`. */
  right(of: Expression): Expression {
    return this.#table.rows[4 * of + 3]!;
  }

  isConstant(of: Expression): boolean {
    return this.kind(of) === Kind.constant;
  }

  /** The number of an expression; `count` grows if it is new. */
  intern(kind: number, code: number, k: number, left: Expression, right: Expression): Expression {
    return this.#table.intern(kind | (code << 4), k | 0, left, right);
  }
}
