import type { ArithOp, Test, Value, ValueId } from '@hookdump/filter';
import { type RawSize, rawValues } from './byte-order.ts';
import type { Prepared } from './prepared.ts';

/** Operators nested deeper get a name: for the reader, and for compilers' limits. */
const MAX_DEPTH = 3;

/**
 * Prints values as C expressions. What has a name is its name; arithmetic read once is written where
 * it is read.
 */
export class Expressions {
  readonly #prepared: Prepared;
  readonly #raw: ReadonlyMap<ValueId, RawSize>;
  readonly #names = new Map<ValueId, string>();
  readonly #taken = new Set<string>();

  constructor(prepared: Prepared) {
    this.#prepared = prepared;
    this.#raw = rawValues(prepared);
  }

  /** Whether the value stays in the packet's byte order. */
  isRaw(id: ValueId): boolean {
    return this.#raw.has(id);
  }

  /** Gives the value a name of its own in the function, which is `wanted` if nothing has it yet. */
  name(value: Value, wanted = `v${value.id}`): string {
    let name = wanted;
    for (let count = 2; this.#taken.has(name); count++) name = `${wanted}_${count}`;
    this.#taken.add(name);
    this.#names.set(value.id, name);
    return name;
  }

  /** Whether a value that takes no statement of its own is worth a temporary. */
  needsName(value: Value): boolean {
    const uses = this.#prepared.uses.get(value.id) ?? 0;
    if (uses === 0 || this.#prepared.constants.has(value.id)) return false;
    switch (value.kind) {
      case 'arith':
        return uses > 1 || this.#depth(value.id) > MAX_DEPTH;
      case 'ancillary':
        return uses > 1;
      case 'recall':
        // The word may hold something else by the time that this is read.
        return true;
      default:
        return false;
    }
  }

  print(id: ValueId): string {
    return this.#print(id, false);
  }

  /** In parentheses if it has an operator. */
  printOperand(id: ValueId): string {
    return this.#print(id, true);
  }

  /** The test as a C condition; `wanted: false` gives its opposite. */
  condition(test: Test, wanted: boolean): string {
    const [left, right] = this.#operands(test);
    if (test.op !== '&') return `${left} ${wanted ? test.op : OPPOSITE[test.op]} ${right}`;
    return wanted ? `${left} & ${right}` : `!(${left} & ${right})`;
  }

  #print(id: ValueId, nested: boolean): string {
    const name = this.#names.get(id);
    if (name !== undefined) return name;
    const constant = this.#prepared.constants.get(id);
    if (constant !== undefined) return printNumber(constant);
    const value = this.#prepared.byId.get(id)!;
    switch (value.kind) {
      case 'length':
        return '(__u32)length_of(packet)';
      case 'arith':
        return this.#arithmetic(value.op, value.left, value.right, nested);
      case 'ancillary':
        return `ancillary_${value.field.replaceAll('-', '_')}(packet)`;
      case 'store':
        return this.#print(value.value, nested);
      case 'recall':
        return wordName(value.word);
      case 'const':
      case 'load':
        throw new Error(`v${id} is read before it has a name`);
      default:
        return value satisfies never;
    }
  }

  #arithmetic(op: ArithOp, left: ValueId, right: ValueId, nested: boolean): string {
    if ((op === '<<' || op === '>>') && !this.#prepared.constants.has(right)) {
      const name = op === '<<' ? 'shift_left' : 'shift_right';
      return `${name}(${this.#print(left, false)}, ${this.#print(right, false)})`;
    }
    const text = this.#operands({ left, right }).join(` ${op} `);
    return nested ? `(${text})` : text;
  }

  /** Both sides of an operator, in one byte order. */
  #operands(sides: { readonly left: ValueId; readonly right: ValueId }): readonly [string, string] {
    const raw = this.#raw.get(sides.left) ?? this.#raw.get(sides.right);
    const print = (id: ValueId): string => {
      const constant = raw === undefined ? undefined : this.#prepared.constants.get(id);
      return constant === undefined ? this.#print(id, true) : printRaw(constant, raw!);
    };
    return [print(sides.left), print(sides.right)];
  }

  #depth(id: ValueId): number {
    const value = this.#prepared.byId.get(id)!;
    if (value.kind === 'store') return this.#depth(value.value);
    if (value.kind !== 'arith' || this.#names.has(id) || this.#prepared.constants.has(id)) return 0;
    return 1 + Math.max(this.#depth(value.left), this.#depth(value.right));
  }
}

/** The variable of a scratch word. */
export const wordName = (word: number): string => `word_${word}`;

const OPPOSITE = { '==': '!=', '>': '<=', '>=': '<' } as const;

/** What is not in a mask's lower bytes meets only zeros. */
const printRaw = (value: number, size: RawSize): string =>
  size === 2 ? `be16(${printNumber(value & 0xffff)})` : `be32(${printNumber(value)})`;

export function printNumber(value: number): string {
  return value < 10 ? String(value) : `0x${value.toString(16)}`;
}
