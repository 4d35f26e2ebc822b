import type { TestOp } from '../../ir/types.ts';
import type { Expr, Expressions } from './expressions.ts';

/**
 * A program as the passes of this phase work on it. Values are expressions in one table, so that
 * what is computed says nothing about where it is computed: a block may be passed by, or copied,
 * without care for who uses its values. `read.ts` makes a graph of a program, `write.ts` a program
 * of a graph.
 */
export interface Graph {
  readonly linkType: string;
  readonly snapLen: number;
  /** Only ever added to. */
  readonly table: Expressions;
  /** `nodes[0]` is the entry, every edge leads to a higher index, and each node is reached. */
  readonly nodes: readonly Node[];
  /** More than any word that is used. */
  readonly words: number;
}

/** A block. */
export interface Node {
  /**
   * Loads that must be in bounds and divisions that must not be by zero: a packet for which one of
   * them fails is rejected. Whatever else the node looks at has been checked here, or on every path
   * that leads here, or makes no difference (remove-checks.ts).
   */
  readonly checks: readonly Expr[];
  readonly stores: readonly Store[];
  readonly end: End;
}

/**
 * Puts a value into a scratch word. On no path is a word stored into after it has been looked at:
 * each word stands for one place where ways meet that bring different values.
 */
export interface Store {
  readonly word: number;
  readonly value: Expr;
}

export interface Test {
  readonly op: TestOp;
  readonly left: Expr;
  readonly right: Expr;
}

export type End =
  | { readonly kind: 'jump'; readonly to: number }
  | {
      readonly kind: 'branch';
      readonly test: Test;
      readonly yes: number;
      readonly no: number;
    }
  | { readonly kind: 'return'; readonly value: number }
  | { readonly kind: 'return-value'; readonly value: Expr };

/** A pass over graphs; it gives the same object back if it changed nothing. */
export type GraphPass = (graph: Graph) => Graph;

/** The end of a node with its targets replaced; the same object if none is. */
export function redirect(end: End, follow: (to: number) => number): End {
  if (end.kind === 'jump') {
    const to = follow(end.to);
    return to === end.to ? end : { kind: 'jump', to };
  }
  if (end.kind !== 'branch') return end;
  const yes = follow(end.yes);
  const no = follow(end.no);
  if (yes === no) return { kind: 'jump', to: yes };
  return yes === end.yes && no === end.no ? end : { kind: 'branch', test: end.test, yes, no };
}

/** Does a node nothing but end? */
export const isEmpty = (node: Node): boolean =>
  node.checks.length === 0 && node.stores.length === 0;

/** Does a node nothing but reject? */
export const isReject = (node: Node): boolean =>
  node.end.kind === 'return' && node.end.value === 0 && node.checks.length === 0;

/** How many edges lead to each node. */
export function countEntries(nodes: readonly Node[]): Int32Array {
  const entries = new Int32Array(nodes.length);
  for (const { end } of nodes) {
    if (end.kind === 'jump') entries[end.to]!++;
    if (end.kind === 'branch') {
      entries[end.yes]!++;
      entries[end.no]!++;
    }
  }
  return entries;
}

/** The nodes that lead to each node, each once. */
export function predecessors(nodes: readonly Node[]): (to: number) => readonly number[] {
  const from: number[][] = [];
  const add = (to: number, at: number): void => {
    const known = from[to];
    if (known === undefined) from[to] = [at];
    else known.push(at);
  };
  nodes.forEach(({ end }, at) => {
    if (end.kind === 'jump') add(end.to, at);
    if (end.kind === 'branch') {
      add(end.yes, at);
      if (end.no !== end.yes) add(end.no, at);
    }
  });
  return (to) => from[to] ?? [];
}

/**
 * Keeps what `entry` reaches and numbers it so that every edge leads forward. Nodes that stand in
 * such an order already keep it.
 */
export function arrange(nodes: readonly Node[], entry = 0): readonly Node[] {
  return entry === 0 ? (inOrder(nodes) ?? sorted(nodes, 0)) : sorted(nodes, entry);
}

/** What node 0 reaches; `undefined` if an edge leads back. */
function inOrder(nodes: readonly Node[]): readonly Node[] | undefined {
  const reached = new Uint8Array(nodes.length);
  reached[0] = 1;
  let count = 0;
  for (let at = 0; at < nodes.length; at++) {
    if (reached[at] === 0) continue;
    count++;
    const { end } = nodes[at]!;
    if (end.kind === 'jump') {
      if (end.to <= at) return undefined;
      reached[end.to] = 1;
    } else if (end.kind === 'branch') {
      if (end.yes <= at || end.no <= at) return undefined;
      reached[end.yes] = 1;
      reached[end.no] = 1;
    }
  }
  if (count === nodes.length) return nodes;
  const order: number[] = [];
  for (let at = 0; at < nodes.length; at++) if (reached[at] === 1) order.push(at);
  return renumbered(nodes, order);
}

/** What is reached, in reverse postorder: `yes` comes before `no` where both are possible. */
function sorted(nodes: readonly Node[], entry: number): readonly Node[] {
  const state = new Uint8Array(nodes.length);
  const order: number[] = [];
  const stack = [entry];
  while (stack.length > 0) {
    const at = stack[stack.length - 1]!;
    if (state[at] === 0) {
      state[at] = 1;
      const { end } = nodes[at]!;
      if (end.kind === 'jump' && state[end.to] === 0) stack.push(end.to);
      if (end.kind === 'branch') {
        if (state[end.yes] === 0) stack.push(end.yes);
        if (state[end.no] === 0) stack.push(end.no);
      }
    } else {
      stack.pop();
      if (state[at] === 1) {
        state[at] = 2;
        order.push(at);
      }
    }
  }
  return renumbered(nodes, order.reverse());
}

function renumbered(nodes: readonly Node[], order: readonly number[]): readonly Node[] {
  const numbers = new Int32Array(nodes.length);
  for (let index = 0; index < order.length; index++) numbers[order[index]!] = index;
  return order.map((at) => {
    const { checks, stores, end } = nodes[at]!;
    if (end.kind === 'jump') {
      return { checks, stores, end: { kind: 'jump', to: numbers[end.to]! } };
    }
    if (end.kind !== 'branch') return nodes[at]!;
    const yes = numbers[end.yes]!;
    const no = numbers[end.no]!;
    return { checks, stores, end: { kind: 'branch', test: end.test, yes, no } };
  });
}
