import type { AncillaryField, ArithOp, LoadSize } from '../ir/types.ts';

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

/** Can computing a value never end the program? Asked of simple values only: else it may. */
export function cannotReject(tree: Tree): boolean {
  return tree.kind !== 'load' && tree.kind !== 'arith';
}
