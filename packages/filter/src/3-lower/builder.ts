import type { Block, BlockId, TestOp } from '../ir/types.ts';
import { reversePostorder } from '../ir/visit.ts';
import { Interner } from './interner.ts';
import { cannotReject, type Tree } from './tree.ts';
import { TreeTable } from './tree-table.ts';
import { ValueWriter } from './value-writer.ts';

/** Where a test leads. */
export interface Targets {
  readonly yes: BlockId;
  readonly no: BlockId;
}

/** Codes for the kinds of block, as the {@link Interner} keys them; tests are by operator. */
const kinds = { return: 0, store: 1, test: 2 } as const;
const testOps: readonly TestOp[] = ['==', '>', '>=', '&'];

/**
 * Collects blocks, from a filter's end to its beginning: a block can only be made when the blocks
 * that it leads to exist. Two blocks that would do the same are one, and so are two values within
 * a block. Until the end they are numbers in tables: a filter of 10,000 hosts makes 90,000 blocks,
 * and most of the time would go into collecting garbage.
 */
export class Builder {
  readonly #trees = new TreeTable();
  /**
   * Kind, two integers that it gives a meaning (a return's value; a store's word and tree; the two
   * trees of a test), and where the block leads if its test holds and if not.
   */
  readonly #blocks = new Interner();

  /** The scratch words that some block reads. */
  get recalled(): ReadonlySet<number> {
    return this.#trees.recalled;
  }

  /** A block that ends the program. */
  return(value: number): BlockId {
    return this.#blocks.intern(kinds.return, value, 0, 0, 0) as BlockId;
  }

  /**
   * A block that compares two values. Where both ways lead to the same place there is none, unless
   * computing the values may end the program.
   */
  test(op: TestOp, left: Tree, right: Tree, { yes, no }: Targets): BlockId {
    if (yes === no && cannotReject(left) && cannotReject(right)) return yes;
    const kind = kinds.test + testOps.indexOf(op);
    const first = this.#trees.number(left);
    const second = this.#trees.number(right);
    return this.#blocks.intern(kind, first, second, yes, no) as BlockId;
  }

  /** A block that puts a value into a scratch word and goes on. */
  store(word: number, value: Tree, next: BlockId): BlockId {
    return this.#blocks.intern(kinds.store, word, this.#trees.number(value), next, next) as BlockId;
  }

  /**
   * The blocks that `entry` reaches, numbered as {@link Program} wants it. What a test leads to if
   * it holds is placed before what it leads to if not, where both are possible: that reads like the
   * filter.
   */
  blocksFrom(entry: BlockId): Block[] {
    const blocks = this.#blocks;
    const leads = (place: 3 | 4) => (block: number) =>
      blocks.part(block, 0) === kinds.return ? -1 : blocks.part(block, place);
    const { order, places } = reversePostorder(entry, blocks.size, leads(3), leads(4));
    const writer = new ValueWriter(this.#trees);
    const written: Block[] = [];
    for (let place = 0; place < order.length; place++) {
      written.push(this.#write(order[place]!, place as BlockId, places, writer));
    }
    return written;
  }

  #write(block: number, id: BlockId, places: Int32Array, writer: ValueWriter): Block {
    const blocks = this.#blocks;
    const kind = blocks.part(block, 0);
    const a = blocks.part(block, 1);
    const b = blocks.part(block, 2);
    if (kind === kinds.return) return { id, values: [], end: { kind: 'return', value: a >>> 0 } };
    const yes = places[blocks.part(block, 3)] as BlockId;
    const no = places[blocks.part(block, 4)] as BlockId;
    if (kind === kinds.store) {
      // The IR has no such end of a block: it is a test of the value with itself, both ways one.
      const stored = writer.store(a, writer.compute(b));
      const test = { op: '==', left: stored, right: stored } as const;
      return { id, values: writer.take(), end: { kind: 'branch', test, yes, no } };
    }
    const left = writer.compute(a);
    const right = writer.compute(b);
    const test = { op: testOps[kind - kinds.test]!, left, right };
    return { id, values: writer.take(), end: { kind: 'branch', test, yes, no } };
  }
}
