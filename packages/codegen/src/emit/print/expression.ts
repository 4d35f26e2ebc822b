import type { ArithOp, Test, Value, ValueId } from '@hookdump/filter';
import type { Prepared } from '../prepared.ts';
import { type RawSize, rawValues } from './byte-order.ts';
import { AS_THEY_ARE, type Widths, widthsOf } from './widths.ts';

/** Operators nested deeper get a name: for the reader, and for compilers' limits. */
const MAX_DEPTH = 3;

/**
 * Prints values as C expressions. What has a name is its name; arithmetic read once is written where
 * it is read.
 */
export class Expressions {
  readonly #prepared: Prepared;
  readonly #raw: ReadonlyMap<ValueId, RawSize>;
  readonly #names: Map<ValueId, string>;
  readonly #taken = new Set<string>();
  readonly #words: string;
  #widths: Widths = AS_THEY_ARE;
  #fields: ReadonlyMap<ValueId, string> = new Map();

  /**
   * @param names of values that are computed elsewhere: what stands for each
   * @param words what stands in front of the names of scratch words
   */
  constructor(prepared: Prepared, names: ReadonlyMap<ValueId, string> = new Map(), words = '') {
    this.#prepared = prepared;
    this.#raw = rawValues(prepared);
    this.#names = new Map(names);
    this.#words = words;
  }

  /**
   * From now on loads are read in the width that takes the least; `loadVerb` says which.
   *
   * @param fields names of what they load
   */
  readAsNeeded(fields: ReadonlyMap<ValueId, string>): void {
    this.#fields = fields;
    this.#widths = widthsOf(this.#prepared, this.#raw);
  }

  /** The macro of access.h for a load. */
  loadVerb({ id, size }: Value & { kind: 'load' }): string {
    const head = this.#widths.heads.get(id);
    if (head !== undefined) return `head${head.bits}`;
    if (this.#widths.compared.has(id)) return 'compared16';
    return `${this.#raw.has(id) ? 'raw' : 'get'}${size * 8}`;
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

  /** A scratch word. */
  word(number: number): string {
    return this.#words + wordName(number);
  }

  print(id: ValueId): string {
    return this.#print(id, false);
  }

  /** What computes it, though it has a name where it was computed before. */
  printAnew(id: ValueId): string {
    this.#names.delete(id);
    return this.#print(id, false);
  }

  /** In parentheses if it has an operator. */
  printOperand(id: ValueId): string {
    return this.#print(id, true);
  }

  /** The test as a C condition; `wanted: false` gives its opposite. */
  condition(test: Test, wanted: boolean): string {
    const [left, right] = this.operands(test, test.op !== '&');
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
        return this.word(value.word);
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
    const text = this.operands({ left, right }).join(` ${op} `);
    return nested ? `(${text})` : text;
  }

  /**
   * Both sides of an operator, in one byte order.
   *
   * @param compares numbers are then printed as people write them
   */
  operands(
    { left, right }: { readonly left: ValueId; readonly right: ValueId },
    compares = false,
  ): readonly [string, string] {
    const head = this.#widths.masked.get(left);
    if (head !== undefined) {
      const first = this.#prepared.constants.get(right)! >>> (32 - head.bits);
      const text = head.bits === 16 ? `be16(${printHex(first, 4)})` : String(first);
      return [this.#print(head.load, true), text];
    }
    const raw = this.#raw.get(left) ?? this.#raw.get(right);
    const isPort = [left, right].some((id) => this.#fields.get(id)?.endsWith('_port'));
    const print = (id: ValueId): string => {
      const constant = this.#prepared.constants.get(id);
      if (constant === undefined || (raw === undefined && !compares)) return this.#print(id, true);
      const number = raw === 2 ? constant & 0xffff : constant;
      const text = compares ? printCompared(number, raw ?? 0, isPort) : printNumber(number);
      return raw === undefined ? text : `be${raw * 8}(${text})`;
    };
    return [print(left), print(right)];
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

/** EtherTypes begin here (RFC 894, IEEE 802.3), and are known in hexadecimal. */
const FIRST_ETHER_TYPE = 0x600;

function printCompared(value: number, size: number, isPort: boolean): string {
  return value < FIRST_ETHER_TYPE || isPort ? String(value) : printHex(value, 2 * size);
}

const printHex = (value: number, digits: number): string =>
  `0x${value.toString(16).padStart(digits, '0')}`;

export function printNumber(value: number): string {
  return value < 10 ? String(value) : `0x${value.toString(16)}`;
}
