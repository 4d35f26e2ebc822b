import type { Expr } from '../graph/expressions.ts';
import {
  arrange,
  countEntries,
  type End,
  type Graph,
  isReject,
  type Node,
} from '../graph/graph.ts';

/**
 * Nodes in a row, each of which leads on to the next or else to one and the same exit: the hosts of
 * a list, all of which lead to acceptance, or the conditions of an `and`.
 */
interface Row {
  readonly nodes: readonly number[];
  readonly exit: number;
  /** Where the last node leads on to. */
  readonly onward: number;
}

type Branch = Extract<End, { kind: 'branch' }>;

/**
 * Puts tests of one value together, where their order makes no difference: `host a or host b` asks
 * for the source twice and then for the destination twice, and loads each once. Tests that lead to
 * the same exit can change places. What a check rejects must not change places with an exit that
 * does anything but reject, so that truncated packets are treated as before.
 */
export function groupTests(graph: Graph): Graph {
  const { nodes } = graph;
  const entries = countEntries(nodes);
  const taken = new Uint8Array(nodes.length);
  let after: Node[] | undefined;
  for (let at = 0; at < nodes.length; at++) {
    if (taken[at] === 1) continue;
    const row = findRow(nodes, entries, at);
    if (row === undefined) continue;
    for (const each of row.nodes) taken[each] = 1;
    const order = grouped(nodes, row);
    if (order === undefined) continue;
    after ??= nodes.slice();
    // The first place in the row keeps its number: it is the one that others lead to.
    row.nodes.forEach((place, index) => {
      const next = row.nodes[index + 1] ?? row.onward;
      after![place] = moved(nodes[order[index]!]!, row.exit, next);
    });
  }
  return after === undefined ? graph : { ...graph, nodes: arrange(after) };
}

function findRow(nodes: readonly Node[], entries: Int32Array, first: number): Row | undefined {
  const { end } = nodes[first]!;
  if (end.kind !== 'branch' || nodes[first]!.stores.length > 0) return undefined;
  const exit = follows(nodes, entries, end.no, end.yes)
    ? end.yes
    : follows(nodes, entries, end.yes, end.no)
      ? end.no
      : undefined;
  if (exit === undefined) return undefined;
  const row = [first];
  let onward = exit === end.yes ? end.no : end.yes;
  while (follows(nodes, entries, onward, exit)) {
    row.push(onward);
    const { yes, no } = nodes[onward]!.end as Branch;
    onward = exit === yes ? no : yes;
  }
  return row.length > 2 ? { nodes: row, exit, onward } : undefined;
}

/** Does a node do nothing but test, after one other node, with this exit? */
function follows(nodes: readonly Node[], entries: Int32Array, at: number, exit: number): boolean {
  const { stores, end } = nodes[at]!;
  if (entries[at] !== 1 || stores.length > 0 || end.kind !== 'branch') return false;
  return end.yes === exit || end.no === exit;
}

/** The nodes of a row in a better order; `undefined` if it is good as it is. */
function grouped(nodes: readonly Node[], { nodes: row, exit }: Row): readonly number[] | undefined {
  const tested = (at: number): Expr => (nodes[at]!.end as Branch).test.left;
  // Up to the last check, nothing moves unless the exit does just what a failed check does.
  let fixed = 0;
  if (!isReject(nodes[exit]!)) {
    row.forEach((at, index) => {
      if (nodes[at]!.checks.length > 0) fixed = index + 1;
    });
  }
  const groups = new Map<Expr, number[]>();
  if (fixed > 0) groups.set(tested(row[fixed - 1]!), []);
  const order = row.slice(0, fixed);
  const alone: number[][] = [];
  for (const at of row.slice(fixed)) {
    const group = groups.get(tested(at));
    // A test with checks of its own stays behind all that stood before it.
    if (group !== undefined && nodes[at]!.checks.length === 0) group.push(at);
    else if (group === undefined) groups.set(tested(at), [at]);
    else alone.push([at]);
  }
  if (alone.length > 0) return undefined;
  for (const group of groups.values()) order.push(...group);
  return order.every((at, index) => at === row[index]) ? undefined : order;
}

function moved(node: Node, exit: number, next: number): Node {
  const { test, yes } = node.end as Branch;
  const end: Branch =
    yes === exit
      ? { kind: 'branch', test, yes: exit, no: next }
      : { kind: 'branch', test, yes: next, no: exit };
  return { checks: node.checks, stores: node.stores, end };
}
