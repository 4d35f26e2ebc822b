import type { Expr, Expressions } from '../graph/expressions.ts';
import {
  arrange,
  countEntries,
  type End,
  type Graph,
  type Node,
  type Test,
} from '../graph/graph.ts';
import { complement, type Interval, unite } from '../graph/intervals.ts';
import { bitsBelow } from '../graph/simplify-test.ts';

type Branch = Extract<End, { kind: 'branch' }>;

/** Tests of one value, one after the other, each of which leads to one exit or on to the next. */
interface Row {
  readonly nodes: readonly number[];
  readonly value: Expr;
  readonly exit: number;
  readonly onward: number;
  /** For which values the exit is taken. */
  readonly exits: readonly Interval[];
  /** Instructions that the tests take, about. */
  readonly cost: number;
}

/**
 * Asks for a range where it was asked for each of its numbers: `tcp port 80 or 81 or 82` is one
 * comparison with either end. Also for what is equal under a mask of high bits, which is a range.
 */
export function mergeRanges(graph: Graph): Graph {
  const { nodes, table } = graph;
  const entries = countEntries(nodes);
  const taken = new Uint8Array(nodes.length);
  let after: Node[] | undefined;
  for (let at = 0; at < nodes.length; at++) {
    if (taken[at] === 1) continue;
    const row = findRow(graph, entries, at);
    if (row === undefined) continue;
    for (const each of row.nodes) taken[each] = 1;
    const { hi } = table.fact(row.value);
    const inside = unite(row.exits);
    const outside = complement(inside, hi);
    const asInside = cost(inside, hi);
    const asOutside = cost(outside, hi);
    if (Math.min(asInside, asOutside) >= row.cost) continue;
    after ??= nodes.slice();
    if (asInside <= asOutside) write(after, table, row, inside, row.exit, row.onward);
    else write(after, table, row, outside, row.onward, row.exit);
  }
  return after === undefined ? graph : { ...graph, nodes: arrange(after) };
}

function findRow(graph: Graph, entries: Int32Array, first: number): Row | undefined {
  const { nodes, table } = graph;
  const { end } = nodes[first]!;
  const head = end.kind === 'branch' ? asked(table, end.test) : undefined;
  if (end.kind !== 'branch' || head === undefined) return undefined;
  const follower = (at: number, exit: number): Asked | undefined => {
    const { checks, stores, end: own } = nodes[at]!;
    if (entries[at] !== 1 || checks.length > 0 || stores.length > 0) return undefined;
    if (own.kind !== 'branch' || (own.yes !== exit && own.no !== exit)) return undefined;
    const next = asked(table, own.test);
    return next?.value === head.value ? next : undefined;
  };
  const exit = follower(end.no, end.yes) ? end.yes : follower(end.yes, end.no) ? end.no : undefined;
  if (exit === undefined) return undefined;
  const row: number[] = [];
  const exits: Interval[] = [];
  let total = 0;
  let onward = first;
  for (let next: Asked | undefined = head; next !== undefined; next = follower(onward, exit)) {
    const { yes, no } = nodes[onward]!.end as Branch;
    const { hi } = table.fact(head.value);
    row.push(onward);
    exits.push(...(yes === exit ? [next.holds] : complement([next.holds], hi)));
    total += next.cost;
    onward = yes === exit ? no : yes;
  }
  return { nodes: row, value: head.value, exit, onward, exits, cost: total };
}

/** What a test says of a value: it holds for one interval. */
interface Asked {
  readonly value: Expr;
  readonly holds: Interval;
  readonly cost: number;
}

function asked(table: Expressions, { op, left, right }: Test): Asked | undefined {
  const c = table.constant(right);
  if (c === undefined) return undefined;
  const { hi } = table.fact(left);
  if (op === '>') return c < hi ? { value: left, holds: { lo: c + 1, hi }, cost: 1 } : undefined;
  if (op === '>=') return c <= hi ? { value: left, holds: { lo: c, hi }, cost: 1 } : undefined;
  if (op !== '==') return undefined;
  const expression = table.get(left);
  if (expression.kind === 'arith' && expression.op === '&') {
    const mask = table.constant(expression.right);
    const low = mask === undefined ? undefined : bitsBelow(table, expression.left, mask);
    if (low !== undefined && (c & low) === 0) {
      return {
        value: expression.left,
        holds: { lo: c, hi: Math.min(c + low, table.fact(expression.left).hi) },
        cost: 2,
      };
    }
  }
  return { value: left, holds: { lo: c, hi: c }, cost: 1 };
}

/** Comparisons that it takes to tell whether a number is in one of some intervals. */
function cost(intervals: readonly Interval[], max: number): number {
  let total = 0;
  for (const { lo, hi } of intervals) {
    if (lo === 0 && hi === max) return 0;
    total += lo === hi || lo === 0 || hi === max ? 1 : 2;
  }
  return total;
}

/** Puts tests for some intervals in the place of a row. */
function write(
  nodes: Node[],
  table: Expressions,
  { nodes: places, value }: Row,
  intervals: readonly Interval[],
  yes: number,
  no: number,
): void {
  const max = table.fact(value).hi;
  const { checks, stores } = nodes[places[0]!]!;
  const test = (op: Test['op'], c: number): Test => ({ op, left: value, right: table.const(c) });
  let end: End = { kind: 'jump', to: no };
  /** Where what has been written so far begins, but for its first node. */
  let next = no;
  const put = (made: End): void => {
    end = made;
  };
  const settle = (): number => {
    if (end.kind === 'jump') return end.to;
    nodes.push({ checks: [], stores: [], end });
    return nodes.length - 1;
  };
  for (const { lo, hi } of intervals.slice().reverse()) {
    next = settle();
    if (lo === 0 && hi === max) put({ kind: 'jump', to: yes });
    else if (lo === hi) put({ kind: 'branch', test: test('==', lo), yes, no: next });
    else if (hi === max) put({ kind: 'branch', test: test('>=', lo), yes, no: next });
    else if (lo === 0) put({ kind: 'branch', test: test('>', hi), yes: next, no: yes });
    else {
      put({ kind: 'branch', test: test('>', hi), yes: next, no: yes });
      const above = settle();
      put({ kind: 'branch', test: test('>=', lo), yes: above, no: next });
    }
  }
  nodes[places[0]!] = { checks, stores, end };
}
