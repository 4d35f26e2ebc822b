import type { Expr, Expressions } from '../graph/expressions.ts';
import {
  arrange,
  countEntries,
  type End,
  type Graph,
  isEmpty,
  type Node,
  type Test,
} from '../graph/graph.ts';
import { complement, type Interval, intersect, unite } from '../graph/intervals.ts';
import { branchOf, findRow, nodesOf, type Row, retarget, type Step } from '../graph/rows.ts';
import { bitsBelow } from '../graph/simplify-test.ts';

/** Steps of a row, all of which ask about one value, and for which values they lead to its exit. */
interface Part {
  readonly steps: readonly Step[];
  readonly exits: readonly Interval[];
}

/** What is asked instead of a row: intervals of its value, and those of its steps that stay. */
interface Merged {
  readonly intervals: readonly Interval[];
  readonly steps: readonly Step[];
  /** Where the value leads if it is in an interval, and where if it is in none. */
  readonly yes: number;
  readonly no: number;
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
    const value = valueAt(graph, at);
    if (value === undefined) continue;
    const row = findRow(nodes, entries, at, (each, isFirst) => {
      return valueAt(graph, each) === value && (isFirst || isEmpty(nodes[each]!));
    });
    if (row === undefined) continue;
    for (const each of nodesOf(row)) taken[each] = 1;
    const merged = merge(graph, row, table.fact(value).hi);
    if (merged === undefined) continue;
    after ??= nodes.slice();
    write(after, graph, value, row, merged);
  }
  return after === undefined ? graph : { ...graph, nodes: arrange(after) };
}

/** The value that a node asks for an interval of. */
function valueAt({ nodes, table }: Graph, at: number): Expr | undefined {
  const end = branchOf(nodes, at);
  return end && asked(table, end.test)?.value;
}

/** What a test says of a value: it holds for one interval. */
interface Asked {
  readonly value: Expr;
  readonly holds: Interval;
}

function asked(table: Expressions, { op, left, right }: Test): Asked | undefined {
  const c = table.constant(right);
  if (c === undefined) return undefined;
  const { hi } = table.fact(left);
  if (op === '>') return c < hi ? { value: left, holds: { lo: c + 1, hi } } : undefined;
  if (op === '>=') return c <= hi ? { value: left, holds: { lo: c, hi } } : undefined;
  if (op !== '==') return undefined;
  const expression = table.get(left);
  if (expression.kind === 'arith' && expression.op === '&') {
    const value = expression.left;
    const mask = table.constant(expression.right);
    const low = mask === undefined ? undefined : bitsBelow(table, value, mask);
    if (low !== undefined && (c & low) === 0) {
      return { value, holds: { lo: c, hi: Math.min(c + low, table.fact(value).hi) } };
    }
  }
  return { value: left, holds: { lo: c, hi: c } };
}

/** The values with which a step leads to the exit. */
function exitsOf(
  { nodes, table }: Graph,
  step: Step,
  exit: number,
  max: number,
): readonly Interval[] {
  const leadingTo = (at: number, to: number): readonly Interval[] => {
    const { test, yes } = branchOf(nodes, at)!;
    const { holds } = asked(table, test)!;
    return yes === to ? [holds] : complement([holds], max);
  };
  return step.map((at, index) => leadingTo(at, step[index + 1] ?? exit)).reduce(intersect);
}

/** Asks for intervals wherever that is shorter; `undefined` if it is nowhere. */
function merge(graph: Graph, row: Row, max: number): Merged | undefined {
  const { steps, exit, onward } = row;
  const parts = touching(
    steps.map((step) => ({ steps: [step], exits: exitsOf(graph, step, exit, max) })),
  );
  const costOf = stepCosts(graph, steps);
  const isShorter = ({ steps: own, exits }: Part): boolean =>
    own.flat().length > 1 && intervalCost(exits, max) < costOf(own);
  const inOrder = (intervals: readonly Interval[]): readonly Interval[] =>
    asTested(graph, steps, intervals);
  const shorter = parts.filter(isShorter);
  const intervals = shorter.flatMap(({ exits }) => exits);
  const kept = parts.filter((part) => !isShorter(part)).flatMap((part) => part.steps);
  const outside = complement(unite(parts.flatMap(({ exits }) => exits)), max);
  const cost = intervalCost(intervals, max) + costOf(kept);
  if (intervalCost(outside, max) < cost) {
    return { intervals: inOrder(outside), steps: [], yes: onward, no: exit };
  }
  if (shorter.length === 0) return undefined;
  return { intervals: inOrder(intervals), steps: kept, yes: exit, no: onward };
}

/**
 * Ascending intervals in the order in which some steps ask for what is in them: the same is tested
 * elsewhere perhaps, and equal ends of ways are shared.
 */
function asTested(
  { nodes, table }: Graph,
  steps: readonly Step[],
  intervals: readonly Interval[],
): readonly Interval[] {
  const sorted = intervals.slice().sort((a, b) => a.lo - b.lo);
  const found = new Set<Interval>();
  if (sorted.length < 2) return sorted;
  for (const at of steps.flat()) {
    const { holds } = asked(table, branchOf(nodes, at)!.test)!;
    const around = containing(sorted, holds.lo);
    if (around.lo <= holds.lo && holds.lo <= around.hi) found.add(around);
  }
  return [...found, ...sorted.filter((interval) => !found.has(interval))];
}

/** Makes one part of those whose intervals touch, and of all if one has several. */
function touching(parts: readonly Part[]): readonly Part[] {
  const united = unite(parts.flatMap(({ exits }) => exits));
  if (parts.some(({ exits }) => exits.length !== 1)) {
    return [{ steps: parts.flatMap(({ steps }) => steps), exits: united }];
  }
  const found = new Map<Interval, Step[]>(united.map((interval) => [interval, []]));
  for (const { steps, exits } of parts) {
    found.get(containing(united, exits[0]!.lo))!.push(...steps);
  }
  return [...found].map(([interval, steps]) => ({ steps, exits: [interval] }));
}

/** The one of ascending intervals that a number is in. */
function containing(intervals: readonly Interval[], number: number): Interval {
  let [low, high] = [0, intervals.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (intervals[middle]!.lo <= number) low = middle;
    else high = middle - 1;
  }
  return intervals[low]!;
}

/**
 * Instructions that some steps of a row take, about: a comparison for each node, and a mask for all
 * that ask for the same. Only with the last of these it can be done without.
 */
function stepCosts(
  { nodes, table }: Graph,
  row: readonly Step[],
): (steps: readonly Step[]) => number {
  const masked = (steps: readonly Step[]): Map<Expr, number> => {
    const uses = new Map<Expr, number>();
    for (const at of steps.flat()) {
      const { left } = branchOf(nodes, at)!.test;
      if (table.get(left).kind === 'arith') uses.set(left, (uses.get(left) ?? 0) + 1);
    }
    return uses;
  };
  const all = masked(row);
  return (steps) => {
    const done = [...masked(steps)].filter(([left, uses]) => all.get(left) === uses);
    return steps.flat().length + done.length;
  };
}

/** Comparisons that it takes to tell whether a number is in one of some intervals. */
function intervalCost(intervals: readonly Interval[], max: number): number {
  let total = 0;
  for (const { lo, hi } of intervals) {
    if (lo === 0 && hi === max) return 0;
    total += lo === hi || lo === 0 || hi === max ? 1 : 2;
  }
  return total;
}

/** Puts other tests in the place of a row: intervals first, for which the value is as it is. */
function write(
  nodes: Node[],
  { nodes: before, table }: Graph,
  value: Expr,
  row: Row,
  { intervals, steps, yes, no }: Merged,
): void {
  const max = table.fact(value).hi;
  const first = row.steps[0]![0];
  const { checks, stores } = before[first]!;
  const test = (op: Test['op'], c: number): Test => ({ op, left: value, right: table.const(c) });
  let end: End = { kind: 'jump', to: no };
  const settle = (): number => {
    if (end.kind === 'jump') return end.to;
    nodes.push({ checks: [], stores: [], end });
    return nodes.length - 1;
  };
  for (const step of steps.slice().reverse()) {
    const next = settle();
    for (const [index, at] of [...step.entries()].reverse()) {
      const inner = index + 1 < step.length ? settle() : undefined;
      end = retarget(branchOf(before, at)!, (to) => {
        if (to === row.exit) return row.exit;
        return to === step[index + 1] ? inner! : next;
      });
    }
  }
  for (const { lo, hi } of intervals.slice().reverse()) {
    const next = settle();
    if (lo === 0 && hi === max) end = { kind: 'jump', to: yes };
    else if (lo === hi) end = { kind: 'branch', test: test('==', lo), yes, no: next };
    else if (hi === max) end = { kind: 'branch', test: test('>=', lo), yes, no: next };
    else if (lo === 0) end = { kind: 'branch', test: test('>', hi), yes: next, no: yes };
    else {
      end = { kind: 'branch', test: test('>', hi), yes: next, no: yes };
      const above = settle();
      end = { kind: 'branch', test: test('>=', lo), yes: above, no: next };
    }
  }
  nodes[first] = { checks, stores, end };
}
