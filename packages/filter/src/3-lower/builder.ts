import type { ArithOp, Block, BlockId, LoadSize, TestOp, Value, ValueId } from '../ir/types.ts';

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
  | { readonly kind: 'arith'; readonly op: ArithOp; readonly left: Tree; readonly right: Tree };

export const constant = (value: number): Tree => ({ kind: 'const', value });
export const load = (size: LoadSize, offset: number, index?: Tree): Tree =>
  index === undefined ? { kind: 'load', size, offset } : { kind: 'load', size, offset, index };
export const arith = (op: ArithOp, left: Tree, right: Tree): Tree => ({
  kind: 'arith',
  op,
  left,
  right,
});

/**
 * Collects blocks, from a filter's end to its beginning: a block can only be made when the blocks
 * that it leads to exist. Two blocks that would do the same are one.
 */
export class Builder {
  readonly blocks = new Map<BlockId, Block>();
  readonly #shared = new Map<string, BlockId>();
  #values = 0;

  /** A block that ends the program. */
  return(value: number): BlockId {
    return this.#block(`return ${value}`, () => ({ values: [], end: { kind: 'return', value } }));
  }

  /** A block that compares two values. */
  test(op: TestOp, left: Tree, right: Tree, to: Targets): BlockId {
    if (to.yes === to.no && cannotReject(left) && cannotReject(right)) return to.yes;
    const key = `${op} ${JSON.stringify([left, right])} ${to.yes} ${to.no}`;
    return this.#block(key, () => {
      const values: Value[] = [];
      const test = { op, left: this.#flatten(left, values), right: this.#flatten(right, values) };
      return { values, end: { kind: 'branch', test, ...to } };
    });
  }

  #block(key: string, make: () => Omit<Block, 'id'>): BlockId {
    const shared = this.#shared.get(key);
    if (shared !== undefined) return shared;
    const id = this.blocks.size as BlockId;
    this.blocks.set(id, { id, ...make() });
    this.#shared.set(key, id);
    return id;
  }

  #flatten(tree: Tree, values: Value[]): ValueId {
    const id = (): ValueId => this.#values++ as ValueId;
    switch (tree.kind) {
      case 'const':
        values.push({ kind: 'const', id: id(), value: tree.value });
        break;
      case 'length':
        values.push({ kind: 'length', id: id() });
        break;
      case 'load': {
        const { size, offset } = tree;
        const index = tree.index && this.#flatten(tree.index, values);
        values.push({
          kind: 'load',
          id: id(),
          size,
          offset,
          ...(index !== undefined && { index }),
        });
        break;
      }
      case 'arith': {
        const left = this.#flatten(tree.left, values);
        const right = this.#flatten(tree.right, values);
        values.push({ kind: 'arith', id: id(), op: tree.op, left, right });
        break;
      }
      default:
        return tree satisfies never;
    }
    return values.at(-1)!.id;
  }
}

const cannotReject = (tree: Tree): boolean => tree.kind === 'const' || tree.kind === 'length';
