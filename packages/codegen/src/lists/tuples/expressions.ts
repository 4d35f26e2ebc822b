import { type ArithOp, upperBound, type ValueId } from '@hookdump/filter';
import type { ListProgram } from '../graph.ts';
import type { Expression } from './types.ts';

interface Known {
  readonly expression: Expression;
  /** The largest number that it can be. */
  readonly most: number;
  /** A value that is there wherever the expressions are looked at. */
  readonly value: ValueId | undefined;
}

/**
 * Numbers expressions: equal ones have equal numbers, wherever in a part of the program they stand.
 * Nothing in that part may store into a scratch word.
 */
export class Expressions {
  readonly all: Known[] = [];
  readonly #program: ListProgram;
  /** Values of the part; all others are there before it. */
  readonly #inside: ReadonlySet<ValueId>;
  readonly #byKey = new Map<string, number>();
  readonly #byId = new Map<ValueId, number | undefined>();

  constructor(program: ListProgram, inside: ReadonlySet<ValueId>) {
    this.#program = program;
    this.#inside = inside;
  }

  /** The number of a value's expression; `undefined` for arithmetic that ends the program or is rare. */
  of(id: ValueId): number | undefined {
    if (this.#byId.has(id)) return this.#byId.get(id);
    const number = this.#find(id);
    this.#byId.set(id, number);
    return number;
  }

  constant(value: number): number {
    return this.#add(`${value}`, {
      expression: { kind: 'const', value },
      most: value,
      value: undefined,
    });
  }

  /** An expression's value under a mask. */
  masked(left: number, mask: number): number {
    const right = this.constant(mask);
    const most = Math.min(this.all[left]!.most, mask);
    return this.#add(`${left}&${right}`, {
      expression: { kind: 'arith', op: '&', left, right },
      most,
      value: undefined,
    });
  }

  #find(id: ValueId): number | undefined {
    const { byId, constants } = this.#program;
    const constant = constants.get(id);
    if (constant !== undefined) return this.constant(constant);
    const value = byId.get(id)!;
    const there = this.#inside.has(id) ? undefined : id;
    const known = { most: upperBound(id, byId), value: there };
    switch (value.kind) {
      case 'const':
        return this.constant(value.value);
      case 'store':
        return this.of(value.value);
      case 'load': {
        const { size, offset } = value;
        const index = value.index === undefined ? undefined : this.of(value.index);
        if (index === undefined && value.index !== undefined) return undefined;
        const key = `[${size},${offset},${index ?? ''}]`;
        const at = index === undefined ? {} : { index };
        return this.#add(key, { expression: { kind: 'load', size, offset, ...at }, ...known });
      }
      case 'arith': {
        const left = this.of(value.left);
        const right = this.of(value.right);
        if (left === undefined || right === undefined) return undefined;
        if (!isPlain(value.op, this.all[right]!.expression)) return undefined;
        const expression = { kind: 'arith', op: value.op, left, right } as const;
        return this.#add(`${left}${value.op}${right}`, { expression, ...known });
      }
      case 'length':
        return this.#add('length', { expression: { kind: 'given', value }, ...known });
      case 'ancillary':
        return this.#add(value.field, { expression: { kind: 'given', value }, ...known });
      case 'recall': {
        // What was looked at before may since have been stored.
        const key = there === undefined ? `word ${value.word}` : `v${id}`;
        return this.#add(key, { expression: { kind: 'given', value }, ...known });
      }
      default:
        return value satisfies never;
    }
  }

  #add(key: string, known: Known): number {
    const number = this.#byKey.get(key);
    if (number === undefined) {
      this.#byKey.set(key, this.all.length);
      return this.all.push(known) - 1;
    }
    if (this.all[number]!.value === undefined && known.value !== undefined) {
      this.all[number] = known;
    }
    return number;
  }
}

/** Arithmetic that C writes as the IR means it. */
function isPlain(op: ArithOp, right: Expression): boolean {
  switch (op) {
    case '+':
    case '-':
    case '*':
    case '&':
    case '|':
    case '^':
      return true;
    case '<<':
    case '>>':
      return right.kind === 'const' && right.value < 32;
    case '/':
    case '%':
      return right.kind === 'const' && right.value !== 0;
    default:
      return op satisfies never;
  }
}
