import { type Dominators, dominates } from '../../ir/dominators.ts';
import type { BlockId } from '../../ir/types.ts';
import * as op from '../opcodes.ts';
import type { Choices } from './choices.ts';
import type { Copy } from './code.ts';
import { type Expression, Kind, none } from './expression-table.ts';
import type { Expressions } from './expressions.ts';
import type { Names, Registers } from './registers.ts';

/** What it costs to do what cannot be done. */
export const impossible = Number.POSITIVE_INFINITY;

/** So many copies of a value are asked whether they were made on every way. */
const mostAsked = 4;

/** What A, X and memory hold at some place, and what it takes from there to have a value. */
export class Holdings {
  protected a: Names = [];
  protected x: Names = [];
  protected block = 0 as BlockId;
  protected readonly of: Expressions;
  protected readonly choices: Choices;
  /** By expression: the copy that was made last. */
  protected readonly lastCopy: (Copy | undefined)[] = [];
  readonly #dominators: Dominators;

  constructor(expressions: Expressions, dominators: Dominators, choices: Choices) {
    this.of = expressions;
    this.#dominators = dominators;
    this.choices = choices;
  }

  /** Goes on at the beginning of a block. */
  enter(block: BlockId, { a, x }: Registers): void {
    this.block = block;
    this.a = a;
    this.x = x;
  }

  get registers(): Registers {
    return { a: this.a, x: this.x };
  }

  /** Was a value computed on every way that leads here, and is it known where it is? */
  has(value: Expression): boolean {
    return this.a.includes(value) || this.x.includes(value) || this.copy(value) !== undefined;
  }

  /** The copy in memory that was made on every way that leads here, if there is one. */
  protected copy(value: Expression): Copy | undefined {
    if (this.choices.recomputed.has(value)) return undefined;
    let copy = this.lastCopy[value];
    for (let asked = 0; copy !== undefined && asked < mostAsked; asked++, copy = copy.before) {
      if (dominates(this.#dominators, copy.block as BlockId, this.block)) return copy;
    }
    return undefined;
  }

  /** Instructions until a value is in A. */
  protected costInA(value: Expression): number {
    if (this.a.includes(value)) return 0;
    if (this.x.includes(value)) return 1;
    const computing = this.costOfComputing(value);
    return computing > 1 && this.copy(value) !== undefined ? 1 : computing;
  }

  protected costInX(value: Expression): number {
    const alone = this.costAlone(value);
    return alone === impossible ? this.costOfComputing(value) + 1 : alone;
  }

  /** Instructions until a value is in X with A left as it is, where that can be. */
  protected costAlone(value: Expression): number {
    if (this.x.includes(value)) return 0;
    return this.a.includes(value) ? 1 : this.costLater(value);
  }

  /** The same when both registers have been used for other things before. */
  protected costLater(value: Expression): number {
    if (this.of.costs.goesToX(value)) return 1;
    return this.copy(value) === undefined ? impossible : 1;
  }

  /** Instructions that compute a value into A, with what is in the registers. */
  protected costOfComputing(value: Expression): number {
    const of = this.of;
    const kind = of.kind(value);
    if (of.costs.isLeaf[value]!) return 1;
    if (kind === Kind.load && of.left(value) !== none) return 1 + this.costInX(of.left(value));
    if (kind !== Kind.arith || of.costs.header[value] !== none) return of.costs.inA[value]!;
    if (of.isConstant(of.right(value))) return 1 + this.costInA(of.left(value));
    if (of.isConstant(of.left(value))) return 1 + this.costInA(of.right(value));
    return of.costs.inA[value]!;
  }

  /** Can a value be brought into A without a change to X, when A and X hold these? */
  protected keepsX(value: Expression, a: Names, x: Names): boolean {
    const of = this.of;
    if (a.includes(value) || x.includes(value)) return true;
    const kind = of.kind(value);
    if (this.copy(value) !== undefined || of.costs.header[value] !== none) return true;
    if (kind === Kind.load) return of.left(value) === none || x.includes(of.left(value));
    if (kind !== Kind.arith) return true;
    return (
      of.isConstant(of.right(value)) &&
      isEncodable(of.code(value), of.number(of.right(value))) &&
      this.keepsX(of.left(value), a, x)
    );
  }
}

/** libpcap and the kernel refuse these as constants; in X they do what they mean. */
export function isEncodable(operation: number, right: number): boolean {
  if (operation === op.DIV || operation === op.MOD) return right !== 0;
  return (operation !== op.LSH && operation !== op.RSH) || right < 32;
}
