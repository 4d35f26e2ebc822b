import * as op from '../opcodes.ts';
import type { Code } from './code.ts';
import { none } from './expression-table.ts';
import { Interner } from './interner.ts';
import type { Placed } from './memory.ts';

/** Number of an instruction in a {@link Graph}. */
export type Node = number;

/**
 * A program as a graph of instructions, in which what does the same from some place on is there
 * once: the ends of blocks are shared however the blocks begin.
 */
export interface Graph {
  readonly entry: Node;
  readonly count: number;
  code(node: Node): number;
  k(node: Node): number;
  /** The instruction that follows; where a test holds. `none` for a return. */
  next(node: Node): Node;
  /** Where a test does not hold; `none` for what is no test. */
  otherwise(node: Node): Node;
}

export const isTest = (graph: Graph, node: Node): boolean => graph.otherwise(node) !== none;
export const isReturn = (graph: Graph, node: Node): boolean => graph.next(node) === none;

/** Joins the blocks of a program, from the last to the first. */
export function join(code: Code, { isLeftOut, k, cleared }: Placed): Graph {
  const table = new Interner(code.code.length + code.ends.length);
  const add = (each: number, number: number, next: Node, otherwise: Node): Node =>
    table.intern(each, number | 0, next, otherwise);
  const reject = add(op.RET | op.K, 0, none, none);
  // What a packet is looked at for before it is rejected anyhow does not matter, nor what comes
  // behind the place where it is sure to be.
  const before = (each: number, number: number, next: Node): Node =>
    next === reject || each === (op.RET | op.K) ? reject : add(each, number, next, none);
  const entries = new Int32Array(code.ends.length);
  for (let block = code.ends.length - 1; block >= 0; block--) {
    const end = code.ends[block]!;
    let node: Node;
    if (end.kind === 'return') node = add(end.code, end.k, none, none);
    else if (end.kind === 'jump') node = entries[end.to]!;
    else {
      const yes = entries[end.yes]!;
      const no = entries[end.no]!;
      node = yes === no ? yes : add(end.code, end.k, yes, no);
    }
    for (let at = code.starts[block + 1]! - 1; at >= code.starts[block]!; at--) {
      if (isLeftOut[at] === 0) node = before(code.code[at]!, k[at]!, node);
    }
    entries[block] = node;
  }
  let entry = entries[0]!;
  for (const slot of cleared) entry = before(op.ST, slot, entry);
  if (cleared.length > 0) entry = before(op.LD | op.IMM, 0, entry);
  const { rows, count } = table;
  return {
    entry,
    count,
    code: (node) => rows[4 * node]!,
    k: (node) => rows[4 * node + 1]! >>> 0,
    next: (node) => rows[4 * node + 2]!,
    otherwise: (node) => rows[4 * node + 3]!,
  };
}
