import type { Value, ValueId } from '../ir/types.ts';
import { none, type TreeTable } from './tree-table.ts';

/** Writes trees as lists of values, block by block. */
export class ValueWriter {
  readonly #trees: TreeTable;
  /** By tree: the last value that was written for it, and in which block. */
  readonly #ids: Int32Array;
  readonly #writtenIn: Int32Array;
  /** Counts blocks. */
  #block = 1;
  #nextId = 0;
  /**
   * The values of the block that is being written, copied when it is done: an array that grows with
   * each of them takes eight times the room.
   */
  readonly #values: Value[] = [];
  #count = 0;
  readonly #open: number[] = [];

  constructor(trees: TreeTable) {
    this.#trees = trees;
    this.#ids = new Int32Array(trees.size);
    this.#writtenIn = new Int32Array(trees.size);
  }

  /** Writes what a tree is computed from, and itself, unless the block has it already. */
  compute(root: number): ValueId {
    const open = this.#open;
    open.push(root);
    while (open.length > 0) {
      const tree = open[open.length - 1]!;
      const missing = this.#missingPart(tree);
      if (missing !== none) {
        open.push(missing);
        continue;
      }
      open.pop();
      if (this.#has(tree)) continue;
      const id = this.#id();
      this.#add(this.#trees.value(tree, id, this.#ids));
      this.#ids[tree] = id;
      this.#writtenIn[tree] = this.#block;
    }
    return this.#ids[root] as ValueId;
  }

  store(word: number, value: ValueId): ValueId {
    const id = this.#id();
    this.#add({ kind: 'store', id, word, value });
    return id;
  }

  /** The values of the block, which is done. */
  take(): readonly Value[] {
    const values = this.#values.slice(0, this.#count);
    this.#count = 0;
    this.#block++;
    return values;
  }

  #missingPart(tree: number): number {
    const first = this.#trees.first(tree);
    if (first === none) return none;
    if (!this.#has(first)) return first;
    const second = this.#trees.second(tree);
    return second === none || this.#has(second) ? none : second;
  }

  #has(tree: number): boolean {
    return this.#writtenIn[tree] === this.#block;
  }

  #add(value: Value): void {
    this.#values[this.#count++] = value;
  }

  #id(): ValueId {
    return this.#nextId++ as ValueId;
  }
}
