import type {
  AncillaryField,
  ArithOp,
  Block,
  BlockId,
  LoadSize,
  TestOp,
  Value,
  ValueId,
} from '../ir/types.ts';
import { Interner } from './interner.ts';

/** Where a test leads. */
export interface Targets {
  readonly yes: BlockId;
  readonly no: BlockId;
}

/** A value as a tree, as lowering thinks of it; the IR has it as a list. */
export type Tree =
  | { readonly kind: 'const'; readonly value: number }
  | { readonly kind: 'length' }
  | {
      readonly kind: 'load';
      readonly size: LoadSize;
      readonly offset: number;
      readonly index?: Tree;
    }
  | { readonly kind: 'arith'; readonly op: ArithOp; readonly left: Tree; readonly right: Tree }
  | { readonly kind: 'ancillary'; readonly field: AncillaryField }
  /** What a scratch word holds when the block is run; 0 if nothing was stored into it. */
  | { readonly kind: 'recall'; readonly word: number };

export const constant = (value: number): Tree => ({ kind: 'const', value });
export const load = (size: LoadSize, offset: number, index?: Tree): Tree =>
  index === undefined ? { kind: 'load', size, offset } : { kind: 'load', size, offset, index };
export const arith = (op: ArithOp, left: Tree, right: Tree): Tree => ({
  kind: 'arith',
  op,
  left,
  right,
});
export const length: Tree = { kind: 'length' };
export const ancillary = (field: AncillaryField): Tree => ({ kind: 'ancillary', field });
export const recall = (word: number): Tree => ({ kind: 'recall', word });

/** Codes for the kinds of tree and block, as the {@link Interner}s key them. */
const treeKinds = { const: 0, length: 1, load: 2, arith: 3, ancillary: 4, recall: 5 } as const;
const blockKinds = { return: 0, store: 1, test: 2 } as const;
const testOps: readonly TestOp[] = ['==', '>', '>=', '&'];
const arithOps: readonly ArithOp[] = ['+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>'];
const ancillaryFields: readonly AncillaryField[] = [
  'protocol',
  'packet-type',
  'interface-index',
  'mark',
  'queue',
  'hardware-type',
  'receive-hash',
  'cpu',
  'vlan-tag',
  'vlan-tag-present',
  'vlan-protocol',
];

/**
 * Collects blocks, from a filter's end to its beginning: a block can only be made when the blocks
 * that it leads to exist. Two blocks that would do the same are one, and so are two values within
 * a block.
 */
export class Builder {
  readonly blocks = new Map<BlockId, Block>();
  /** The scratch words that some block reads. */
  readonly recalled = new Set<number>();
  readonly #trees = new Interner();
  readonly #blockKeys = new Interner();
  /** The numbers of trees that have parts, by identity: comparing them by parts takes long. */
  readonly #composite = new Map<Tree, number>();
  /** For a tree, by its number: the value it has in the block that is being made, and which that is. */
  readonly #valueOf: ValueId[] = [];
  readonly #madeIn: number[] = [];
  #values = 0;
  /**
   * The values of the block that is being made, copied when it is done: an array that grows with
   * each of them takes eight times the room, and most of the time goes into collecting garbage.
   */
  readonly #pending: Value[] = [];
  #pendingCount = 0;

  /** A block that ends the program. */
  return(value: number): BlockId {
    const id = this.#blockKeys.intern(blockKinds.return, value, 0, 0, 0) as BlockId;
    if (id === this.blocks.size) {
      this.blocks.set(id, { id, values: [], end: { kind: 'return', value } });
    }
    return id;
  }

  /**
   * A block that compares two values. Where both ways lead to the same place there is none, unless
   * computing the values may end the program.
   */
  test(op: TestOp, left: Tree, right: Tree, { yes, no }: Targets): BlockId {
    if (yes === no && cannotReject(left) && cannotReject(right)) return yes;
    const kind = blockKinds.test + testOps.indexOf(op);
    const key = this.#blockKeys;
    const id = key.intern(kind, this.#intern(left), this.#intern(right), yes, no) as BlockId;
    if (id === this.blocks.size) {
      const first = this.#flatten(left, id);
      const test = { op, left: first, right: this.#flatten(right, id) };
      this.blocks.set(id, {
        id,
        values: this.#takeValues(),
        end: { kind: 'branch', test, yes, no },
      });
    }
    return id;
  }

  /**
   * A block that puts a value into a scratch word and goes on. The IR has no such end of a block:
   * it is a test of the value with itself whose two ways are one.
   */
  store(word: number, tree: Tree, next: BlockId): BlockId {
    const number = this.#intern(tree);
    const id = this.#blockKeys.intern(blockKinds.store, word, number, next, 0) as BlockId;
    if (id === this.blocks.size) {
      const value = this.#flatten(tree, id);
      const stored = this.#values++ as ValueId;
      this.#add({ kind: 'store', id: stored, word, value });
      const test = { op: '==', left: stored, right: stored } as const;
      const values = this.#takeValues();
      this.blocks.set(id, { id, values, end: { kind: 'branch', test, yes: next, no: next } });
    }
    return id;
  }

  /**
   * A number for a tree: two trees that are the same value have one. Sums can be thousands of terms
   * deep, and trees share parts: so without recursion, and each part is looked at once.
   */
  #intern(root: Tree): number {
    const known = this.#numberOf(root);
    if (known !== undefined) return known;
    const stack: Tree[] = [root];
    for (;;) {
      const tree = stack[stack.length - 1]!;
      const missing = this.#firstPart(tree, (part) => this.#numberOf(part) === undefined);
      if (missing !== undefined) {
        stack.push(missing);
        continue;
      }
      const number = this.#numberOf(tree) ?? this.#remember(tree);
      stack.pop();
      if (stack.length === 0) return number;
    }
  }

  /** A tree's number, if it has one: trees without parts always have. */
  #numberOf(tree: Tree): number | undefined {
    const kind = treeKinds[tree.kind];
    switch (tree.kind) {
      case 'const':
        return this.#trees.intern(kind, tree.value, 0, 0, 0);
      case 'length':
        return this.#trees.intern(kind, 0, 0, 0, 0);
      case 'load':
        return tree.index === undefined
          ? this.#trees.intern(kind, tree.size, tree.offset, -1, 0)
          : this.#composite.get(tree);
      case 'arith':
        return this.#composite.get(tree);
      case 'ancillary':
        return this.#trees.intern(kind, ancillaryFields.indexOf(tree.field), 0, 0, 0);
      case 'recall':
        return this.#trees.intern(kind, tree.word, 0, 0, 0);
      default:
        return tree satisfies never;
    }
  }

  /** Numbers a tree whose parts have numbers. */
  #remember(tree: Tree): number {
    const kind = treeKinds[tree.kind];
    let number: number;
    if (tree.kind === 'arith') {
      const [left, right] = [this.#numberOf(tree.left)!, this.#numberOf(tree.right)!];
      number = this.#trees.intern(kind, arithOps.indexOf(tree.op), left, right, 0);
    } else if (tree.kind === 'load' && tree.index !== undefined) {
      number = this.#trees.intern(kind, tree.size, tree.offset, this.#numberOf(tree.index)!, 0);
    } else {
      return this.#numberOf(tree)!;
    }
    this.#composite.set(tree, number);
    return number;
  }

  /** The first of a tree's parts, in the order of evaluation, of which something holds. */
  #firstPart(tree: Tree, holds: (part: Tree) => boolean): Tree | undefined {
    if (tree.kind === 'arith') {
      if (holds(tree.left)) return tree.left;
      return holds(tree.right) ? tree.right : undefined;
    }
    if (tree.kind === 'load' && tree.index !== undefined) {
      return holds(tree.index) ? tree.index : undefined;
    }
    return undefined;
  }

  #add(value: Value): void {
    this.#pending[this.#pendingCount++] = value;
  }

  #takeValues(): readonly Value[] {
    const values = this.#pending.slice(0, this.#pendingCount);
    this.#pendingCount = 0;
    return values;
  }

  /** Adds what a tree is computed from, and itself, to the values of the block that is made. */
  #flatten(root: Tree, block: number): ValueId {
    const stack: Tree[] = [];
    const isMissing = (tree: Tree): boolean => this.#madeIn[this.#numberOf(tree)!] !== block;
    for (let tree: Tree | undefined = root; tree !== undefined; tree = stack.at(-1)) {
      const missing = this.#firstPart(tree, isMissing);
      if (missing !== undefined) {
        if (stack.length === 0) stack.push(tree);
        stack.push(missing);
        continue;
      }
      const number = this.#numberOf(tree)!;
      if (this.#madeIn[number] !== block) {
        const value = this.#valueFor(tree);
        this.#add(value);
        this.#madeIn[number] = block;
        this.#valueOf[number] = value.id;
      }
      stack.pop();
    }
    return this.#valueIn(root);
  }

  /** The value of a tree that the block that is being made has already. */
  #valueIn(tree: Tree): ValueId {
    return this.#valueOf[this.#numberOf(tree)!]!;
  }

  #valueFor(tree: Tree): Value {
    const id = this.#values++ as ValueId;
    switch (tree.kind) {
      case 'const':
        return { kind: 'const', id, value: tree.value };
      case 'length':
        return { kind: 'length', id };
      case 'load': {
        const { size, offset, index } = tree;
        if (index === undefined) return { kind: 'load', id, size, offset };
        return { kind: 'load', id, size, offset, index: this.#valueIn(index) };
      }
      case 'arith': {
        const { op, left, right } = tree;
        return { kind: 'arith', id, op, left: this.#valueIn(left), right: this.#valueIn(right) };
      }
      case 'ancillary':
        return { kind: 'ancillary', id, field: tree.field };
      case 'recall':
        this.recalled.add(tree.word);
        return { kind: 'recall', id, word: tree.word };
      default:
        return tree satisfies never;
    }
  }
}

/** Can computing a value never end the program? Asked of simple values only: else it may. */
function cannotReject(tree: Tree): boolean {
  return tree.kind !== 'load' && tree.kind !== 'arith';
}
