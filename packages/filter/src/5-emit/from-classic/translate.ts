import type { ArithOp, BlockId, Terminator, Value, ValueId } from '../../ir/types.ts';
import { fieldAt, xorOffset } from '../ancillary.ts';
import { operations, type Register } from '../instruction-set.ts';
import type { Instruction } from '../opcodes.ts';
import { type Definition, demandStored } from './definition.ts';
import { variables } from './shape.ts';

/** A value without its number. */
type Unnumbered = Value extends infer Each
  ? Each extends Value
    ? Omit<Each, 'id'>
    : never
  : never;

/** Turns instructions into values, block after block, following what the variables hold. */
export class Translator {
  readonly #blocks: Value[][] = [];
  #values: Value[] = [];
  #state: Definition[] = [];
  #nextValue = 1;
  #zeroIsUsed = false;
  /** What the interpreter begins with: 0 everywhere. */
  readonly #unset: Definition = {
    variable: -1,
    value: 0 as ValueId,
    constant: 0,
    place: undefined,
    sources: [],
    stored: false,
  };
  /** Definitions that have a place, to see in the end which of them are to be stored. */
  readonly #placed: Definition[] = [];

  /**
   * Begins the next block.
   *
   * @param ways what the variables hold, for each way that leads here; none for the entry
   * @param live a bit for each variable that matters
   */
  begin(ways: readonly (readonly Definition[])[], live: number): void {
    this.#values = [];
    this.#blocks.push(this.#values);
    const state: Definition[] = [];
    for (let variable = 0; variable < variables.count; variable++) {
      const matters = ways.length > 0 && ((live >>> variable) & 1) === 1;
      state.push(matters ? this.#meet(variable, ways) : this.#unset);
    }
    this.#state = state;
  }

  /** What the variables hold now. */
  get state(): readonly Definition[] {
    return this.#state;
  }

  #meet(variable: number, ways: readonly (readonly Definition[])[]): Definition {
    const distinct = [...new Set(ways.map((way) => way[variable]!))];
    const first = distinct[0]!;
    if (distinct.length === 1) return first;
    if (distinct.every(({ value }) => value === first.value)) {
      return { ...first, variable, place: undefined, sources: distinct, stored: false };
    }
    if (
      first.constant !== undefined &&
      distinct.every((each) => each.constant === first.constant)
    ) {
      return this.#define(variable, this.#constant(first.constant), first.constant);
    }
    distinct.forEach(demandStored);
    // Numbered by variable until the end, when it is known which of them need a word.
    const value = this.#add({ kind: 'recall', word: variable });
    return { variable, value, constant: undefined, place: undefined, sources: [], stored: true };
  }

  translate({ code, k }: Instruction): void {
    const operation = operations.get(code)!;
    switch (operation.kind) {
      case 'load': {
        if (operation.indexed) {
          const index = this.#get(variables.x);
          this.#set('a', this.#add({ kind: 'load', size: operation.size, offset: k, index }));
        } else if (k === xorOffset) {
          this.#arith('^', this.#get(variables.x));
        } else {
          const field = fieldAt(k);
          const load = { kind: 'load', size: operation.size, offset: k } as const;
          this.#set('a', this.#add(field === undefined ? load : { kind: 'ancillary', field }));
        }
        break;
      }
      case 'header-length': {
        const byte = this.#add({ kind: 'load', size: 1, offset: k });
        const low = this.#binary('&', byte, this.#constant(0xf));
        this.#set('x', this.#binary('*', low, this.#constant(4)));
        break;
      }
      case 'constant':
        this.#set(operation.register, this.#constant(k), k);
        break;
      case 'length':
        this.#set(operation.register, this.#add({ kind: 'length' }));
        break;
      case 'recall':
        this.#copy(k, variables[operation.register]);
        break;
      case 'store':
        this.#copy(variables[operation.register], k);
        break;
      case 'copy':
        this.#copy(variables[operation.from], variables[operation.to]);
        break;
      case 'arith':
        this.#arith(operation.op, this.#operand(operation.by, k));
        break;
      case 'negate':
        this.#set('a', this.#binary('-', this.#constant(0), this.#get(variables.a)));
        break;
      case 'jump':
      case 'test':
      case 'return':
        break;
      default:
        operation satisfies never;
    }
  }

  /**
   * How the block ends.
   *
   * @param last its last instruction
   * @param to where it leads
   */
  end({ code, k }: Instruction, to: readonly BlockId[]): Terminator {
    const operation = operations.get(code)!;
    if (operation.kind === 'return') {
      if (operation.value === 'k') return { kind: 'return', value: k };
      return { kind: 'return-value', value: this.#get(variables.a) };
    }
    const [yes, no = yes] = to as [BlockId, BlockId?];
    if (operation.kind === 'test') {
      const left = this.#get(variables.a);
      const test = { op: operation.op, left, right: this.#operand(operation.by, k) };
      return { kind: 'branch', test, yes, no };
    }
    const any = this.#constant(0);
    return { kind: 'branch', test: { op: '==', left: any, right: any }, yes, no };
  }

  /** The values of each block, with all that has to be stored. */
  finish(): Value[][] {
    const words = new Map<number, number>();
    const wordOf = (variable: number): number => {
      const word = words.get(variable) ?? words.size;
      words.set(variable, word);
      return word;
    };
    const stores = this.#blocks.map((): [number, Definition][] => []);
    for (const each of this.#placed) {
      if (each.stored) stores[each.place!.block]!.push([each.place!.index, each]);
    }
    const blocks = this.#blocks.map((values, block) => {
      const numbered = values.map((value) =>
        value.kind === 'recall' ? { ...value, word: wordOf(value.word) } : value,
      );
      if (stores[block]!.length === 0) return numbered;
      const withStores: Value[] = [];
      let taken = 0;
      for (const [index, { variable, value }] of stores[block]!) {
        withStores.push(...numbered.slice(taken, index));
        const id = this.#nextValue++ as ValueId;
        withStores.push({ kind: 'store', id, word: wordOf(variable), value });
        taken = index;
      }
      return [...withStores, ...numbered.slice(taken)];
    });
    if (this.#zeroIsUsed) blocks[0]!.unshift({ kind: 'const', id: this.#unset.value, value: 0 });
    return blocks;
  }

  #add(value: Unnumbered): ValueId {
    const id = this.#nextValue++ as ValueId;
    this.#values.push({ ...value, id } as Value);
    return id;
  }

  #constant(value: number): ValueId {
    return this.#add({ kind: 'const', value });
  }

  #binary(op: ArithOp, left: ValueId, right: ValueId): ValueId {
    return this.#add({ kind: 'arith', op, left, right });
  }

  #arith(op: ArithOp, right: ValueId): void {
    this.#set('a', this.#binary(op, this.#get(variables.a), right));
  }

  #operand(by: 'k' | 'x', k: number): ValueId {
    return by === 'x' ? this.#get(variables.x) : this.#constant(k);
  }

  #get(variable: number): ValueId {
    const { value } = this.#state[variable]!;
    if (value === this.#unset.value) this.#zeroIsUsed = true;
    return value;
  }

  #set(register: Register, value: ValueId, constant?: number): void {
    const variable = variables[register];
    this.#state[variable] = this.#define(variable, value, constant);
  }

  #copy(from: number, to: number): void {
    this.#state[to] = this.#define(to, this.#get(from), this.#state[from]!.constant);
  }

  /** A definition at this place of the block. */
  #define(variable: number, value: ValueId, constant: number | undefined): Definition {
    const place = { block: this.#blocks.length - 1, index: this.#values.length };
    const defined = { variable, value, constant, place, sources: [], stored: false };
    this.#placed.push(defined);
    return defined;
  }
}
