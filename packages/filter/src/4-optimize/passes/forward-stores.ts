import type { Expr, Expressions } from '../graph/expressions.ts';
import type { End, Graph, Node, Store } from '../graph/graph.ts';
import type { Words } from '../graph/live-words.ts';
import { makeArith, makeLoad } from '../graph/simplify.ts';
import { liveAtStart, wordsOf } from './live.ts';

/** A value that has been stored into a word; two stores of one value are two of these. */
interface Stored {
  readonly word: number;
  readonly value: Expr;
}

/** What is certainly held by words that are still looked at; of others nothing is kept. */
type Held = readonly Stored[];

const nothingHeld: Held = [];

/**
 * Looks at what has been stored rather than at the word, where one store reaches, or where all that
 * reach store the same constant.
 */
export function forwardStores(graph: Graph): Graph {
  if (graph.words === 0) return graph;
  const { nodes, table } = graph;
  const wordsIn = wordsOf(table);
  const live = liveAtStart(graph);
  const hasWords = (expr: Expr): boolean => wordsIn(expr).size > 0;
  const arriving: (Held | undefined)[] = new Array<Held | undefined>(nodes.length).fill(undefined);
  arriving[0] = nothingHeld;
  const leave = (to: number, held: Held): void => {
    const others = arriving[to];
    const kept = onlyLive(held, live[to]!);
    arriving[to] = others === undefined ? kept : both(others, kept, table);
  };
  let changed = false;
  const after = nodes.map((node, at) => {
    const before = arriving[at]!;
    arriving[at] = undefined;
    if (before.length === 0 && node.stores.length === 0) {
      leaveAll(node.end, before, leave);
      return node;
    }
    const begun = withoutKept(resolveBeginning(node, resolver(table, before, hasWords)), before);
    const held = begun.stores.reduce(afterStore, before);
    // A node's end sees what its stores have stored.
    const resolved = resolveEnd(begun, resolver(table, held, hasWords));
    changed ||= resolved !== node;
    leaveAll(resolved.end, held, leave);
    return resolved;
  });
  return changed ? { ...graph, nodes: after } : graph;
}

function leaveAll(end: End, held: Held, leave: (to: number, held: Held) => void): void {
  if (end.kind === 'jump') leave(end.to, held);
  if (end.kind === 'branch') {
    leave(end.yes, held);
    leave(end.no, held);
  }
}

/** Words live for a short while: with those that no longer do, time would grow as the square. */
function onlyLive(held: Held, live: Words): Held {
  return held.every(({ word }) => live.has(word))
    ? held
    : held.filter(({ word }) => live.has(word));
}

const find = (held: Held, word: number): Stored | undefined =>
  held.find((stored) => stored.word === word);

function both(a: Held, b: Held, table: Expressions): Held {
  if (a === b) return a;
  return a.filter((stored) => {
    const other = find(b, stored.word);
    if (other === undefined || other === stored) return other === stored;
    return stored.value === other.value && table.constant(stored.value) !== undefined;
  });
}

/** Without stores of what the word holds already. */
function withoutKept(node: Node, held: Held): Node {
  const isKept = ({ word, value }: Store): boolean => find(held, word)?.value === value;
  if (!node.stores.some(isKept)) return node;
  const words = new Set(node.stores.map(({ word }) => word));
  // Two stores of one word in one node are left to `removeDeadStores`.
  if (words.size < node.stores.length) return node;
  return { ...node, stores: node.stores.filter((store) => !isKept(store)) };
}

function afterStore(held: Held, { word, value }: Store): Held {
  return [...held.filter((stored) => stored.word !== word), { word, value }];
}

function resolveBeginning(node: Node, resolve: (expr: Expr) => Expr): Node {
  const checks = mapped(node.checks, resolve);
  const stores = mapped(node.stores, (store) => {
    const value = resolve(store.value);
    return value === store.value ? store : { word: store.word, value };
  });
  if (checks === node.checks && stores === node.stores) return node;
  return { checks, stores, end: node.end };
}

function resolveEnd(node: Node, resolve: (expr: Expr) => Expr): Node {
  const { end } = node;
  if (end.kind === 'return-value') {
    const value = resolve(end.value);
    return value === end.value ? node : { ...node, end: { ...end, value } };
  }
  if (end.kind !== 'branch') return node;
  const [left, right] = [resolve(end.test.left), resolve(end.test.right)];
  if (left === end.test.left && right === end.test.right) return node;
  return { ...node, end: { ...end, test: { op: end.test.op, left, right } } };
}

/** An array with its elements replaced; the same array if none is. */
function mapped<T>(all: readonly T[], replace: (each: T) => T): readonly T[] {
  let changed = false;
  const after = all.map((each) => {
    const replaced = replace(each);
    changed ||= replaced !== each;
    return replaced;
  });
  return changed ? after : all;
}

/** Puts what words hold in the place of the words. */
function resolver(
  table: Expressions,
  held: Held,
  hasWords: (expr: Expr) => boolean,
): (expr: Expr) => Expr {
  if (held.length === 0) return (expr) => expr;
  let resolved: Map<Expr, Expr> | undefined;
  const done = (expr: Expr): Expr => resolved?.get(expr) ?? expr;
  const replace = (expr: Expr): Expr => {
    const expression = table.get(expr);
    switch (expression.kind) {
      case 'word':
        return find(held, expression.word)?.value ?? expr;
      case 'load': {
        const { size, offset, index } = expression;
        const made = index === undefined ? undefined : done(index);
        return made === index ? expr : makeLoad(table, size, offset, made);
      }
      case 'arith': {
        const [left, right] = [done(expression.left), done(expression.right)];
        if (left === expression.left && right === expression.right) return expr;
        return makeArith(table, expression.op, left, right);
      }
      default:
        return expr;
    }
  };
  return (expr) => {
    if (!hasWords(expr) || resolved?.has(expr)) return done(expr);
    resolved ??= new Map();
    const parts = new Set([expr]);
    for (const part of parts) {
      for (const each of partsOf(table, part)) {
        if (hasWords(each) && !resolved.has(each)) parts.add(each);
      }
    }
    // Parts have lower numbers than what is made of them.
    for (const part of [...parts].sort((a, b) => a - b)) resolved.set(part, replace(part));
    return done(expr);
  };
}

function partsOf(table: Expressions, expr: Expr): readonly Expr[] {
  const expression = table.get(expr);
  if (expression.kind === 'arith') return [expression.left, expression.right];
  const isIndexed = expression.kind === 'load' && expression.index !== undefined;
  return isIndexed ? [expression.index] : [];
}
