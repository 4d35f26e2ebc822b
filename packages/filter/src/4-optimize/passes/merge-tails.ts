import { type Expr, type Expressions, mix } from '../graph/expressions.ts';
import { arrange, type Graph, type Node, predecessors, redirect } from '../graph/graph.ts';
import { exprShapes } from './shapes.ts';
import { type Param, type Region, TailUnifier } from './unify-tails.ts';

/** Pairs of nodes compared in all, per node of the program, so that a long list stays linear. */
const stepsPerNode = 6;
/** So many nodes of one shape are tried as the other side of a node. */
const mostTried = 3;
/** So deep is counted what an expression takes. */
const depth = 6;
/** Fewer instructions are not worth a word. */
const leastGain = 1;

/**
 * Makes one of two parts of a program that do the same but load from elsewhere: the ports behind
 * an IPv4 header and behind an IPv6 header, addresses in ARP and in IPv4. A scratch word holds what
 * differs, and is set on the ways that lead there; it pays where the part is longer than that.
 */
export function mergeTails(graph: Graph): Graph {
  const { nodes } = graph;
  const alike = byShape(graph);
  if (alike === undefined) return graph;
  const leading = predecessors(nodes);
  let { words } = graph;
  const unifier = new TailUnifier(graph, () => words++);
  const consumed = new Uint8Array(nodes.length);
  const isFree = ({ a, b }: { a: number; b: number }): boolean =>
    consumed[a] === 0 && consumed[b] === 0;
  const pays = (region: Region | undefined): region is Region => {
    if (region === undefined) return false;
    return region.nodes.every(isFree) && gain(graph, region, leading) >= leastGain;
  };
  const chosen: Region[] = [];
  const most = nodes.length * stepsPerNode;
  for (let at = 0; at < nodes.length && unifier.compared < most; at++) {
    if (consumed[at] === 1) continue;
    let other = alike[at]!;
    for (let tries = 0; other !== 0 && tries < mostTried; tries++, other = alike[other]!) {
      if (consumed[other] === 1) continue;
      let region = unifier.unify(at, other, false);
      if (!pays(region)) region = unifier.unify(at, other, true);
      if (!pays(region)) continue;
      for (const { a, b } of region.nodes) consumed[a] = consumed[b] = 1;
      chosen.push(region);
      break;
    }
  }
  if (chosen.length === 0) return graph;
  return { ...graph, words, nodes: arrange(withRegions(graph, chosen, leading)) };
}

/**
 * Nodes that are alike but for where they load from, as are those that they lead to.
 *
 * @returns the next node that is like a node, or 0; `undefined` if there is none at all
 */
function byShape({ nodes, table }: Graph): Int32Array | undefined {
  const shapeOf = exprShapes(table);
  const shapes = new Int32Array(nodes.length);
  const next = new Int32Array(nodes.length);
  /** Open addressing: one more than the first node of a shape, or 0. */
  const buckets = new Int32Array(2 ** (33 - Math.clz32(nodes.length)));
  const mask = buckets.length - 1;
  let found = false;
  for (let at = nodes.length - 1; at >= 0; at--) {
    const node = nodes[at]!;
    const shape = nodeShape(node, shapes, shapeOf);
    shapes[at] = shape;
    if (node.end.kind !== 'branch' || node.stores.length > 0) continue;
    let bucket = shape & mask;
    while (buckets[bucket] !== 0 && shapes[buckets[bucket]! - 1] !== shapes[at]) {
      bucket = (bucket + 1) & mask;
    }
    if (buckets[bucket] !== 0) {
      next[at] = buckets[bucket]! - 1;
      found = true;
    }
    buckets[bucket] = at + 1;
  }
  return found ? next : undefined;
}

function nodeShape(
  { stores, end }: Node,
  shapes: Int32Array,
  shapeOf: (expr: Expr) => number,
): number {
  switch (end.kind) {
    case 'return':
      return mix(1, end.value | 0, 0);
    case 'return-value':
      return mix(2, shapeOf(end.value), 0);
    case 'jump':
      return mix(3, shapes[end.to]!, stores.length);
    case 'branch': {
      const { op, left, right } = end.test;
      const test = mix(shapeOf(left), right, op.charCodeAt(0) + op.length);
      return mix(test, shapes[end.yes]!, shapes[end.no]!);
    }
    default:
      return end satisfies never;
  }
}

/** The program with the merged parts, and with the words set on the ways that lead there. */
function withRegions(
  graph: Graph,
  regions: readonly Region[],
  leading: (to: number) => readonly number[],
): Node[] {
  const after = graph.nodes.slice();
  const dead = new Set<number>();
  for (const { nodes } of regions) {
    for (const { a, b, merged } of nodes) {
      after[a] = merged;
      dead.add(b);
    }
  }
  for (const { nodes, params, checks: extra } of regions) {
    const head = nodes[0]!;
    const storing = new Set<number>();
    for (const side of ['a', 'b'] as const) {
      const stores = params.map((param) => ({ word: param.word, value: param[side] }));
      const constant =
        extra[side].length === 0 &&
        stores.every(({ value }) => graph.table.constant(value) !== undefined);
      let between: number | undefined;
      for (const from of leading(head[side])) {
        if (dead.has(from)) continue;
        const node = after[from]!;
        if (constant && !storing.has(from)) {
          storing.add(from);
          const end = redirect(node.end, (to) => (to === head[side] ? head.a : to));
          after[from] = { ...node, stores: [...node.stores, ...stores], end };
          continue;
        }
        between ??= after.length;
        const to = between;
        after[from] = {
          ...node,
          end: redirect(node.end, (each) => (each === head[side] ? to : each)),
        };
      }
      // A value that may reject is only computed where the part is sure to be entered.
      if (between !== undefined) {
        const inValues = stores.flatMap(({ value }) => checksIn(graph.table, value));
        const checks = [...new Set([...extra[side], ...inValues])];
        after.push({ checks, stores, end: { kind: 'jump', to: head.a } });
      }
    }
  }
  return after;
}

/** The loads and divisions in an expression that may reject. */
function checksIn(table: Expressions, whole: Expr): Expr[] {
  const parts = new Set([whole]);
  for (const part of parts) {
    const expression = table.get(part);
    if (expression.kind === 'load' && expression.index !== undefined) parts.add(expression.index);
    if (expression.kind === 'arith') parts.add(expression.left).add(expression.right);
  }
  return [...parts].filter((part) => {
    const expression = table.get(part);
    if (expression.kind === 'arith') {
      const { op, right } = expression;
      return (op === '/' || op === '%') && table.fact(right).lo === 0;
    }
    return expression.kind === 'load';
  });
}

/**
 * Instructions saved, about: those of one part, less those that set the words. Where the word's
 * value is a header's length, it was an index before and costs nothing.
 */
function gain(graph: Graph, region: Region, leading: (to: number) => readonly number[]): number {
  const { table, nodes } = graph;
  const computed = new Set<Expr>();
  let saved = 0;
  const add = (expr: Expr, levels: number): void => {
    const expression = table.get(expr);
    if (computed.has(expr) || levels === 0) return;
    computed.add(expr);
    if (expression.kind === 'load') saved++;
    if (expression.kind !== 'arith') return;
    saved++;
    add(expression.left, levels - 1);
    add(expression.right, levels - 1);
  };
  for (const { b } of region.nodes) {
    const { end } = nodes[b]!;
    if (end.kind !== 'branch') continue;
    saved++;
    add(end.test.left, depth);
    add(end.test.right, depth);
  }
  const head = region.nodes[0]!;
  const cost = ({ kind, ...param }: Param, side: 'a' | 'b'): number => {
    // The value is loaded on both sides, and one of them must jump.
    if (kind === 'value') return 1;
    const expression = table.get(param[side]);
    if (expression.kind === 'arith' && expression.op === '+') return 3;
    if (expression.kind !== 'const') return 0;
    const from = leading(head[side]);
    // Where all that leads to one of these has set the word already, it need not.
    return from.filter((at) => {
      const before = leading(at);
      return before.length === 0 || !before.every((each) => from.includes(each));
    }).length;
  };
  return region.params.reduce((left, param) => left - cost(param, 'a') - cost(param, 'b'), saved);
}
