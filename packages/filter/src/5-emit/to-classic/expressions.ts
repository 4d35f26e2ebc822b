import type { ArithOp, LoadSize, Program, Value, ValueId } from '../../ir/types.ts';
import { placeOf } from '../ancillary.ts';
import { arithCodes, sizeCodes } from '../instruction-set.ts';
import { Costs } from './costs.ts';
import { type Expression, ExpressionTable, Kind, none } from './expression-table.ts';

/** Values are looked up in an array where their numbers are not spread wider than this. */
const widest = 8;

/**
 * The values of a program as a table of expressions. Filled by `add`, value by value, in the order
 * of the program.
 */
export class Expressions extends ExpressionTable {
  readonly costs: Costs = new Costs(this);
  /** By expression: how often it is an operand, looked at by a test, stored or returned. */
  readonly uses: number[] = [];
  /** How often it is an index. */
  readonly indexUses: number[] = [];
  /** By value. */
  readonly #numbers: Expression[];
  /** By word: is it only looked at when all has been stored into it? */
  readonly #isSettled: readonly boolean[];

  constructor(program: Program, isSettled: readonly boolean[]) {
    super(2 * program.blocks.length);
    this.#isSettled = isSettled;
    let count = 0;
    let largest = 0;
    for (const { values } of program.blocks) {
      count += values.length;
      for (const { id } of values) largest = Math.max(largest, id);
    }
    const isDense = largest < widest * (count + 1);
    this.#numbers = isDense ? new Array<Expression>(largest + 1).fill(none) : [];
  }

  /** The expression of a value that `add` has been given. */
  of(id: ValueId): Expression {
    return this.#numbers[id]!;
  }

  /** Numbers a value, after all that it is computed from. */
  add(value: Value): Expression {
    const expression = this.#number(value);
    this.#numbers[value.id] = expression;
    return expression;
  }

  /** What a word holds; `id` tells moments apart where that changes. */
  recall(word: number, id: ValueId): Expression {
    return this.#isSettled[word] === true
      ? this.#intern(Kind.word, 0, word, none, none)
      : this.#intern(Kind.moment, 0, word, id, none);
  }

  #number(value: Value): Expression {
    switch (value.kind) {
      case 'const':
        return this.#intern(Kind.constant, 0, value.value, none, none);
      case 'length':
        return this.#intern(Kind.length, 0, 0, none, none);
      case 'load':
        return this.#load(value.size, value.offset, value.index);
      case 'arith':
        return this.#arith(value.op, this.of(value.left), this.of(value.right));
      case 'ancillary': {
        const { offset, size } = placeOf(value.field);
        return this.#intern(Kind.ancillary, sizeCodes[size], offset, none, none);
      }
      case 'store':
        return this.of(value.value);
      case 'recall':
        return this.recall(value.word, value.id);
      default:
        return value satisfies never;
    }
  }

  #load(size: LoadSize, offset: number, indexId: ValueId | undefined): Expression {
    const index = indexId === undefined ? none : this.of(indexId);
    if (index !== none) {
      this.uses[index]!++;
      this.indexUses[index]!++;
    }
    return this.#intern(Kind.load, sizeCodes[size], offset, index, none);
  }

  #arith(op: ArithOp, left: Expression, right: Expression): Expression {
    this.uses[left]!++;
    this.uses[right]!++;
    return this.#intern(Kind.arith, arithCodes[op], 0, left, right);
  }

  #intern(kind: number, code: number, k: number, left: Expression, right: Expression): Expression {
    const before = this.count;
    const found = this.intern(kind, code, k, left, right);
    if (found === before) {
      this.costs.add(found);
      this.uses.push(0);
      this.indexUses.push(0);
    }
    return found;
  }
}
