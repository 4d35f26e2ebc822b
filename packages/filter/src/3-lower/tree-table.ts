import type { AncillaryField, ArithOp, LoadSize, Value, ValueId } from '../ir/types.ts';
import { Interner } from './interner.ts';
import type { Tree } from './tree.ts';

/** In a key, in place of a part that is not there. */
export const none = -1;

/** Codes for the kinds of tree, as the {@link Interner} keys them. */
const kinds = { const: 0, length: 1, load: 2, arith: 3, ancillary: 4, recall: 5 } as const;
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
  'interface-name-0',
  'interface-name-4',
  'interface-name-8',
  'interface-name-12',
];

/**
 * Trees by number: two that are the same value have one number. Sums can be thousands of terms
 * deep, and trees share parts: so nothing here recurses, and each part is looked at once.
 */
export class TreeTable {
  /** The scratch words that some tree reads. */
  readonly recalled = new Set<number>();
  /** Kind, two integers that the kind gives a meaning, and the numbers of up to two parts. */
  readonly #keys = new Interner();
  /** The numbers of trees that have parts, by identity: comparing them by parts takes long. */
  readonly #composite = new Map<Tree, number>();

  /** How many trees there are. */
  get size(): number {
    return this.#keys.size;
  }

  /** The part that is computed first, or `none`. */
  first(tree: number): number {
    return this.#keys.part(tree, 3);
  }

  /** The part that is computed second, or `none`. */
  second(tree: number): number {
    return this.#keys.part(tree, 4);
  }

  number(root: Tree): number {
    const known = this.#find(root);
    if (known !== none) return known;
    const open: Tree[] = [root];
    for (;;) {
      const tree = open[open.length - 1]!;
      const missing = this.#firstNew(tree);
      if (missing !== undefined) {
        open.push(missing);
        continue;
      }
      const number = this.#remember(tree);
      open.pop();
      if (open.length === 0) return number;
    }
  }

  /** A tree's number, or `none` if it has none yet: trees without parts always have. */
  #find(tree: Tree): number {
    const keys = this.#keys;
    switch (tree.kind) {
      case 'const':
        return keys.intern(kinds.const, tree.value, 0, none, none);
      case 'length':
        return keys.intern(kinds.length, 0, 0, none, none);
      case 'load':
        if (tree.index !== undefined) return this.#composite.get(tree) ?? none;
        return keys.intern(kinds.load, tree.size, tree.offset, none, none);
      case 'arith':
        return this.#composite.get(tree) ?? none;
      case 'ancillary':
        return keys.intern(kinds.ancillary, ancillaryFields.indexOf(tree.field), 0, none, none);
      case 'recall':
        this.recalled.add(tree.word);
        return keys.intern(kinds.recall, tree.word, 0, none, none);
      default:
        return tree satisfies never;
    }
  }

  /** The first of a tree's parts that has no number yet. */
  #firstNew(tree: Tree): Tree | undefined {
    if (tree.kind === 'arith') {
      if (this.#find(tree.left) === none) return tree.left;
      return this.#find(tree.right) === none ? tree.right : undefined;
    }
    const index = tree.kind === 'load' ? tree.index : undefined;
    return index !== undefined && this.#find(index) === none ? index : undefined;
  }

  /** Numbers a tree whose parts have numbers. */
  #remember(tree: Tree): number {
    let number: number;
    if (tree.kind === 'arith') {
      const left = this.#find(tree.left);
      const right = this.#find(tree.right);
      number = this.#keys.intern(kinds.arith, arithOps.indexOf(tree.op), 0, left, right);
    } else if (tree.kind === 'load' && tree.index !== undefined) {
      const index = this.#find(tree.index);
      number = this.#keys.intern(kinds.load, tree.size, tree.offset, index, none);
    } else {
      return this.#find(tree);
    }
    this.#composite.set(tree, number);
    return number;
  }

  /**
   * A tree as a value of the IR.
   *
   * @param ids by tree: the value that it has where this one is wanted; asked of its parts
   */
  value(tree: number, id: ValueId, ids: ArrayLike<number>): Value {
    const keys = this.#keys;
    const kind = keys.part(tree, 0);
    const a = keys.part(tree, 1);
    const b = keys.part(tree, 2);
    switch (kind) {
      case kinds.const:
        return { kind: 'const', id, value: a >>> 0 };
      case kinds.length:
        return { kind: 'length', id };
      case kinds.load: {
        const size = a as LoadSize;
        const offset = b >>> 0;
        const index = this.first(tree);
        if (index === none) return { kind: 'load', id, size, offset };
        return { kind: 'load', id, size, offset, index: ids[index] as ValueId };
      }
      case kinds.arith: {
        const left = ids[this.first(tree)] as ValueId;
        const right = ids[this.second(tree)] as ValueId;
        return { kind: 'arith', id, op: arithOps[a]!, left, right };
      }
      case kinds.ancillary:
        return { kind: 'ancillary', id, field: ancillaryFields[a]! };
      case kinds.recall:
        return { kind: 'recall', id, word: a };
      default:
        throw new Error(`there is no kind of tree ${kind}`);
    }
  }
}
