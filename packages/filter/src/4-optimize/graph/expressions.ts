import type { AncillaryField, ArithOp, LoadSize } from '../../ir/types.ts';
import { anything, arithFact, between, exactly, type Fact } from './fact.ts';

declare const exprBrand: unique symbol;

/**
 * Names one expression of an {@link Expressions} table. Equal expressions have equal numbers, and
 * an expression's parts have lower ones.
 */
export type Expr = number & { readonly [exprBrand]: true };

export type Expression =
  | { readonly kind: 'const'; readonly value: number }
  | {
      readonly kind: 'load';
      readonly size: LoadSize;
      readonly offset: number;
      readonly index: Expr | undefined;
    }
  | { readonly kind: 'length' }
  | { readonly kind: 'arith'; readonly op: ArithOp; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'ancillary'; readonly field: AncillaryField }
  /** What a scratch word holds. A word is not changed any more once it has been looked at. */
  | { readonly kind: 'word'; readonly word: number };

const fewestBuckets = 128;
const arithNumbers: Readonly<Record<ArithOp, number>> = {
  '+': 1,
  '-': 2,
  '*': 3,
  '/': 4,
  '%': 5,
  '&': 6,
  '|': 7,
  '^': 8,
  '<<': 9,
  '>>': 10,
};

/**
 * A growing table of expressions, each in it once: two computations are the same if their numbers
 * are. Nothing is ever changed or taken out, so that graphs may share a table.
 */
export class Expressions {
  readonly #all: Expression[] = [];
  readonly #facts: Fact[] = [];
  readonly #rejects: boolean[] = [];
  /** Open addressing: one more than an expression's number, or 0. */
  #buckets: Int32Array;
  #length: Expr | undefined;
  readonly #ancillary = new Map<AncillaryField, Expr>();
  readonly #words: (Expr | undefined)[] = [];

  /** @param expected about so many expressions; more do no harm */
  constructor(expected = 0) {
    this.#buckets = new Int32Array(Math.max(fewestBuckets, 2 ** (33 - Math.clz32(expected))));
  }

  get(expr: Expr): Expression {
    return this.#all[expr]!;
  }

  /** What holds of an expression wherever it is computed. */
  fact(expr: Expr): Fact {
    return this.#facts[expr]!;
  }

  /** Can computing it, or a part of it, end the program? */
  mayReject(expr: Expr): boolean {
    return this.#rejects[expr]!;
  }

  /** The number that an expression is, if it is one. */
  constant(expr: Expr): number | undefined {
    const expression = this.#all[expr]!;
    return expression.kind === 'const' ? expression.value : undefined;
  }

  const(value: number): Expr {
    const hash = mix(value | 0, 0, 0);
    for (let at = hash; ; at++) {
      const found = this.#buckets[at & (this.#buckets.length - 1)]! - 1;
      if (found === -1) break;
      const other = this.#all[found]!;
      if (other.kind === 'const' && other.value === value) return found as Expr;
    }
    return this.#add(hash, { kind: 'const', value }, exactly(value), false);
  }

  load(size: LoadSize, offset: number, index?: Expr): Expr {
    const hash = mix(offset | 0, size, index === undefined ? -1 : index);
    for (let at = hash; ; at++) {
      const found = this.#buckets[at & (this.#buckets.length - 1)]! - 1;
      if (found === -1) break;
      const other = this.#all[found]!;
      if (other.kind !== 'load' || other.offset !== offset || other.size !== size) continue;
      if (other.index === index) return found as Expr;
    }
    return this.#add(hash, { kind: 'load', size, offset, index }, loaded[size], true);
  }

  arith(op: ArithOp, left: Expr, right: Expr): Expr {
    const hash = mix(left, arithNumbers[op] + 8, right);
    for (let at = hash; ; at++) {
      const found = this.#buckets[at & (this.#buckets.length - 1)]! - 1;
      if (found === -1) break;
      const other = this.#all[found]!;
      if (other.kind !== 'arith' || other.left !== left || other.right !== right) continue;
      if (other.op === op) return found as Expr;
    }
    const fact = arithFact(op, this.fact(left), this.fact(right));
    const divides = op === '/' || op === '%';
    const rejects =
      this.mayReject(left) || this.mayReject(right) || (divides && this.fact(right).lo === 0);
    return this.#add(hash, { kind: 'arith', op, left, right }, fact, rejects);
  }

  length(): Expr {
    this.#length ??= this.#push({ kind: 'length' }, anything, false);
    return this.#length;
  }

  ancillary(field: AncillaryField): Expr {
    const known = this.#ancillary.get(field);
    if (known !== undefined) return known;
    const expr = this.#push({ kind: 'ancillary', field }, anything, false);
    this.#ancillary.set(field, expr);
    return expr;
  }

  /** @param fact what holds of all that is ever stored into the word; only the first is taken */
  word(word: number, fact: Fact = anything): Expr {
    this.#words[word] ??= this.#push({ kind: 'word', word }, fact, false);
    return this.#words[word]!;
  }

  #add(hash: number, expression: Expression, fact: Fact, rejects: boolean): Expr {
    const expr = this.#push(expression, fact, rejects);
    this.#insert(hash, expr);
    if (this.#all.length * 2 > this.#buckets.length) this.#grow();
    return expr;
  }

  #push(expression: Expression, fact: Fact, rejects: boolean): Expr {
    this.#all.push(expression);
    this.#facts.push(fact);
    this.#rejects.push(rejects);
    return (this.#all.length - 1) as Expr;
  }

  #insert(hash: number, expr: Expr): void {
    const mask = this.#buckets.length - 1;
    let at = hash & mask;
    while (this.#buckets[at] !== 0) at = (at + 1) & mask;
    this.#buckets[at] = expr + 1;
  }

  #grow(): void {
    this.#buckets = new Int32Array(this.#buckets.length * 4);
    for (const [number, expression] of this.#all.entries()) {
      const expr = number as Expr;
      if (expression.kind === 'const') this.#insert(mix(expression.value | 0, 0, 0), expr);
      if (expression.kind === 'load') {
        this.#insert(mix(expression.offset | 0, expression.size, expression.index ?? -1), expr);
      }
      if (expression.kind === 'arith') {
        const { op, left, right } = expression;
        this.#insert(mix(left, arithNumbers[op] + 8, right), expr);
      }
    }
  }
}

const loaded: Readonly<Record<LoadSize, Fact>> = {
  1: between(0, 0xff),
  2: between(0, 0xffff),
  4: anything,
};

/** Mixes three numbers into one that is spread well in its low bits. */
export function mix(a: number, b: number, c: number): number {
  let hash = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b);
  hash = Math.imul((hash ^ (hash >>> 15)) + b, 0xc2b2ae35);
  hash = Math.imul((hash ^ (hash >>> 13)) + c, 0x27d4eb2f);
  return (hash ^ (hash >>> 16)) >>> 0;
}
