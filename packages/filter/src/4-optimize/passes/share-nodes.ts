import { type Expr, type Expressions, mix } from '../graph/expressions.ts';
import {
  arrange,
  countEntries,
  type End,
  type Graph,
  isEmpty,
  type Node,
  redirect,
} from '../graph/graph.ts';
import { noWords, union } from '../graph/live-words.ts';
import { wordsOf } from './live.ts';

/**
 * Makes one node of several: of those that do the same and lead to the same, so that equal ends of
 * different paths are one; and of a node and the only one that leads to it. A node that only leads
 * on is passed by.
 */
export function shareNodes(graph: Graph): Graph {
  const { nodes, table } = graph;
  const entries = countEntries(nodes);
  const canJoin = joiner(graph);
  const shared = new SharedNodes(nodes.length);
  const place = new Int32Array(nodes.length);
  const after: Node[] = nodes.slice();
  let changed = false;
  // From the end: where a node leads is settled before it is.
  for (let at = nodes.length - 1; at >= 0; at--) {
    const node = settle(nodes[at]!);
    if (node !== nodes[at]) changed = true;
    after[at] = node;
    const same = node.end.kind === 'jump' && isEmpty(node) ? node.end.to : shared.find(after, at);
    place[at] = same;
    if (same !== at) changed = true;
  }
  if (!changed) return graph;
  return { ...graph, table, nodes: arrange(after, place[0]) };

  function follow(to: number): number {
    return place[to]!;
  }

  function settle(node: Node): Node {
    const wasOnly = node.end.kind === 'jump' && entries[node.end.to] === 1;
    const end = redirect(node.end, follow);
    if (end.kind === 'jump') {
      const next = after[end.to]!;
      if (isEmpty(next) && next.end.kind !== 'branch')
        return { checks: node.checks, stores: node.stores, end: next.end };
      if (wasOnly && canJoin(node, next)) return joined(node, next);
    }
    return end === node.end ? node : { checks: node.checks, stores: node.stores, end };
  }
}

/** Nodes by what they do: a hash table of their places. */
class SharedNodes {
  /** Open addressing: one more than a place, or 0. At most half full. */
  readonly #buckets: Int32Array;

  constructor(nodes: number) {
    this.#buckets = new Int32Array(2 ** (33 - Math.clz32(nodes)));
  }

  /** The first node that does the same as this one, if there was one; otherwise itself. */
  find(nodes: readonly Node[], at: number): number {
    const node = nodes[at]!;
    const mask = this.#buckets.length - 1;
    for (let bucket = hashOf(node) & mask; ; bucket = (bucket + 1) & mask) {
      const other = this.#buckets[bucket]! - 1;
      if (other === -1) {
        this.#buckets[bucket] = at + 1;
        return at;
      }
      if (isSame(nodes[other]!, node)) return other;
    }
  }
}

function hashOf({ checks, stores, end }: Node): number {
  let hash = mix(checks.length, stores.length, 0);
  for (const check of checks) hash = mix(hash, check, 1);
  for (const { word, value } of stores) hash = mix(hash, word, value);
  switch (end.kind) {
    case 'jump':
      return mix(hash, end.to, 2);
    case 'return':
      return mix(hash, end.value, 3);
    case 'return-value':
      return mix(hash, end.value, 4);
    case 'branch':
      return mix(mix(hash, end.test.left, end.test.right), end.yes, end.no);
    default:
      return end satisfies never;
  }
}

function isSame(a: Node, b: Node): boolean {
  return (
    isSameEnd(a.end, b.end) &&
    a.checks.length === b.checks.length &&
    a.checks.every((check, index) => check === b.checks[index]) &&
    a.stores.length === b.stores.length &&
    a.stores.every(
      ({ word, value }, index) =>
        word === b.stores[index]!.word && value === b.stores[index]!.value,
    )
  );
}

function isSameEnd(a: End, b: End): boolean {
  if (a.kind === 'branch') {
    return (
      b.kind === 'branch' &&
      a.yes === b.yes &&
      a.no === b.no &&
      a.test.op === b.test.op &&
      a.test.left === b.test.left &&
      a.test.right === b.test.right
    );
  }
  if (a.kind === 'jump') return b.kind === 'jump' && a.to === b.to;
  return b.kind === a.kind && b.value === a.value;
}

/** In a node checks come first: none may look at a word that an earlier part stores. */
function joiner({ table }: Graph): (first: Node, second: Node) => boolean {
  let wordsIn: ReturnType<typeof wordsOf> | undefined;
  return (first, second) => {
    if (first.stores.length === 0) return true;
    wordsIn ??= wordsOf(table as Expressions);
    let words = noWords;
    for (const check of second.checks) words = union(words, wordsIn(check));
    for (const { value } of second.stores) words = union(words, wordsIn(value));
    return !first.stores.some(({ word }) => words.has(word));
  };
}

function joined(first: Node, second: Node): Node {
  const checks = second.checks.filter((check: Expr) => !first.checks.includes(check));
  return {
    checks: checks.length === 0 ? first.checks : [...first.checks, ...checks],
    stores: second.stores.length === 0 ? first.stores : [...first.stores, ...second.stores],
    end: second.end,
  };
}
