import { arithCodes, sizeCodes } from '../instruction-set.ts';
import { type Expression, type ExpressionTable, Kind, none } from './expression-table.ts';

/** Deeper trees are computed in steps, so that nothing here recurses without bound. */
const deepest = 100;

/** More instructions than this count as this many. */
const most = 1 << 20;

/** `4*([k]&0xf)`, which one instruction loads into X, with its mask before or after the shift. */
const headerMask = 0xf;
const shiftedHeaderMask = 0x3c;

/** What it takes to compute expressions in classic BPF. Arrays are indexed by expression. */
export class Costs {
  readonly #table: ExpressionTable;
  /** Instructions that leave it in A, from nothing. */
  readonly inA: number[] = [];
  /** The k of `4*([k]&0xf)` where it is that, else `none`. */
  readonly header: number[] = [];
  /** Is it not to be computed where it is wanted? Then it must be found where it was left. */
  readonly isLeaf: boolean[] = [];
  /** Words of memory that computing it takes. */
  readonly temporaries: number[] = [];
  readonly #sparesX: boolean[] = [];
  readonly #depth: number[] = [];

  constructor(table: ExpressionTable) {
    this.#table = table;
  }

  /** Instructions that leave it in X, from nothing. */
  inX(of: Expression): number {
    return this.goesToX(of) ? 1 : this.inA[of]! + 1;
  }

  /** Is there an instruction that loads it into X? */
  goesToX(of: Expression): boolean {
    const kind = this.#table.kind(of);
    return kind === Kind.constant || kind === Kind.word || this.header[of] !== none;
  }

  /** Assesses the expression that is new in the table. */
  add(of: Expression): void {
    const table = this.#table;
    const kind = table.kind(of);
    const operands = this.#operands(of, kind);
    const depth = operands.reduce((most, each) => Math.max(most, this.#depth[each]!), 0);
    const isLeaf = kind === Kind.moment || depth >= deepest;
    this.isLeaf.push(isLeaf);
    this.#depth.push(isLeaf ? 0 : depth + 1);
    this.header.push(kind === Kind.arith ? this.#headerOffset(of) : none);
    this.inA.push(Math.min(most, this.#cost(of, kind)));
    const isBinary = operands.length === 2;
    const spares = (each: Expression): boolean => this.#sparesX[each]!;
    this.#sparesX.push(
      isLeaf ||
        (kind !== Kind.load && !isBinary && operands.every(spares)) ||
        operands.length === 0,
    );
    // Two trees that both need both registers, and equally much memory, need a word more.
    const needs = operands.map((each) => this.temporaries[each]!);
    const extra = isBinary && needs[0] === needs[1] && !operands.some(spares) ? 1 : 0;
    this.temporaries.push(isLeaf ? 0 : Math.max(0, ...needs) + extra);
  }

  /** What it is computed from that is no constant. */
  #operands(of: Expression, kind: number): Expression[] {
    if (kind !== Kind.arith && kind !== Kind.load) return [];
    const both = [this.#table.left(of), this.#table.right(of)];
    return both.filter((each) => each !== none && !this.#table.isConstant(each));
  }

  #cost(of: Expression, kind: number): number {
    const left = this.#table.left(of);
    const right = this.#table.right(of);
    if (kind === Kind.load && left !== none) return 1 + this.inX(left);
    if (kind !== Kind.arith) return 1;
    if (this.header[of] !== none) return 2;
    if (this.#table.isConstant(right)) return this.inA[left]! + 1;
    const straight = this.inA[left]! + this.inX(right);
    const exchanged = this.inA[right]! + this.inX(left);
    return Math.min(straight, exchanged) + 1;
  }

  /** The k of `([k] & 15) * 4`, however it is written. */
  #headerOffset(of: Expression): number {
    const table = this.#table;
    const inner = table.left(of);
    if (table.kind(inner) !== Kind.arith) return none;
    const byte = table.left(inner);
    const isByte =
      table.kind(byte) === Kind.load &&
      table.code(byte) === sizeCodes[1] &&
      table.left(byte) === none;
    const matches =
      (this.#isTimesFour(of) && this.#isMaskedBy(inner, headerMask)) ||
      (this.#isMaskedBy(of, shiftedHeaderMask) && this.#isTimesFour(inner));
    return isByte && matches ? table.number(byte) : none;
  }

  #isTimesFour(of: Expression): boolean {
    return this.#is(of, arithCodes['*'], 4) || this.#is(of, arithCodes['<<'], 2);
  }

  #isMaskedBy(of: Expression, mask: number): boolean {
    return this.#is(of, arithCodes['&'], mask);
  }

  #is(of: Expression, code: number, by: number): boolean {
    const right = this.#table.right(of);
    return (
      this.#table.code(of) === code &&
      this.#table.isConstant(right) &&
      this.#table.number(right) === by
    );
  }
}
