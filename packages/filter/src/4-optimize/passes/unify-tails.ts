import type { Expr, Expressions } from '../graph/expressions.ts';
import { join } from '../graph/fact.ts';
import { countEntries, type Graph, type Node } from '../graph/graph.ts';
import { askedAbout } from '../graph/rows.ts';
import { makeArith, makeLoad } from '../graph/simplify.ts';

/** Two parts of a program that do the same but for where they load from, as one. */
export interface Region {
  /** The nodes of both parts, in pairs, the first of each part first, and what becomes of them. */
  readonly nodes: readonly { readonly a: number; readonly b: number; readonly merged: Node }[];
  readonly params: readonly Param[];
  /** Checks of the first nodes that have no partner, to be made on the ways that lead there. */
  readonly checks: { readonly a: readonly Expr[]; readonly b: readonly Expr[] };
}

/** What differs, in a word: an index of loads, or the value that the first tests ask for. */
export interface Param {
  readonly word: number;
  readonly kind: 'index' | 'value';
  readonly a: Expr;
  readonly b: Expr;
}

/** Expressions are compared so deep. */
const depth = 8;

/** So many indexes may differ: classic BPF has one index register. */
const mostIndexes = 1;

interface Difference {
  /** Indexes on both sides. */
  readonly a: Expr | undefined;
  readonly b: Expr | undefined;
  /** The offset on side a less that on side b. */
  readonly delta: number;
  readonly param: Param;
}

/** Compares parts of one program, and remembers what takes long to make. */
export class TailUnifier {
  readonly #graph: Graph;
  readonly #entries: Int32Array;
  readonly #newWord: () => number;
  /** Per node of side a: one more than its partner on side b, or 0. */
  readonly #partner: Int32Array;
  readonly #isPartner: Uint8Array;
  /** How many edges of the parts lead to each node. */
  readonly #inner: Int32Array;
  /** How many pairs of nodes have been compared. */
  compared = 0;

  /** @param newWord gives a word that has not been used yet */
  constructor(graph: Graph, newWord: () => number) {
    this.#graph = graph;
    this.#entries = countEntries(graph.nodes);
    this.#newWord = newWord;
    this.#partner = new Int32Array(graph.nodes.length);
    this.#isPartner = new Uint8Array(graph.nodes.length);
    this.#inner = new Int32Array(graph.nodes.length);
  }

  /**
   * Compares two parts node by node, to where they lead to the same.
   *
   * @param byValue whether the value that the first nodes test is passed in a word; otherwise it
   *   is loaded in the part, with an index
   * @returns the parts as one, if they can be
   */
  unify(a: number, b: number, byValue: boolean): Region | undefined {
    const pairs = [{ a, b }];
    this.#pair(a, b);
    const region = this.#compare(pairs, byValue);
    for (const pair of pairs) {
      for (const side of [pair.a, pair.b]) {
        this.#partner[side] = 0;
        this.#isPartner[side] = 0;
        this.#inner[side] = 0;
        const { end } = this.#graph.nodes[side]!;
        if (end.kind === 'jump') this.#inner[end.to] = 0;
        if (end.kind === 'branch') this.#inner[end.yes] = this.#inner[end.no] = 0;
      }
    }
    return region;
  }

  #pair(a: number, b: number): void {
    this.#partner[a] = b + 1;
    this.#isPartner[b] = 1;
  }

  #compare(pairs: { a: number; b: number }[], byValue: boolean): Region | undefined {
    const { nodes } = this.#graph;
    const merger = new NodeMerger(this.#graph, this.#newWord);
    if (byValue && !merger.passValue(nodes[pairs[0]!.a]!, nodes[pairs[0]!.b]!)) return undefined;
    const merged: { a: number; b: number; merged: Node }[] = [];
    for (let at = 0; at < pairs.length; at++) {
      const { a, b } = pairs[at]!;
      this.compared++;
      const node = merger.node(nodes[a]!, nodes[b]!, at === 0);
      if (node === undefined) return undefined;
      merged.push({ a, b, merged: node });
      const [endA, endB] = [nodes[a]!.end, nodes[b]!.end];
      if (endA.kind === 'jump' && endB.kind === 'jump') {
        if (!this.#follow(endA.to, endB.to, pairs)) return undefined;
      }
      if (endA.kind === 'branch' && endB.kind === 'branch') {
        if (!this.#follow(endA.yes, endB.yes, pairs)) return undefined;
        if (!this.#follow(endA.no, endB.no, pairs)) return undefined;
      }
    }
    // All that leads into the parts leads to their first nodes.
    const isClosed = (at: number, index: number): boolean =>
      this.#inner[at] === (index === 0 ? 0 : this.#entries[at]);
    const closed = pairs.every(({ a, b }, index) => isClosed(a, index) && isClosed(b, index));
    const { params, checks } = merger;
    return closed && params.length > 0 ? { nodes: merged, params, checks } : undefined;
  }

  /** Two nodes that the parts lead to; tells whether the parts can go on there. */
  #follow(a: number, b: number, pairs: { a: number; b: number }[]): boolean {
    this.#inner[a]!++;
    this.#inner[b]!++;
    if (a === b || this.#partner[a] === b + 1) return true;
    if (this.#isKnown(a) || this.#isKnown(b)) return false;
    this.#pair(a, b);
    pairs.push({ a, b });
    return true;
  }

  #isKnown(at: number): boolean {
    return this.#partner[at] !== 0 || this.#isPartner[at] !== 0;
  }
}

/** Makes one node of two, with words for what differs. */
class NodeMerger {
  readonly #table: Expressions;
  readonly #newWord: () => number;
  readonly #differences: Difference[] = [];
  #value: Param | undefined;
  readonly checks: { readonly a: Expr[]; readonly b: Expr[] } = { a: [], b: [] };

  constructor({ table }: Graph, newWord: () => number) {
    this.#table = table;
    this.#newWord = newWord;
  }

  get params(): readonly Param[] {
    const indexes = this.#differences.map(({ param }) => param);
    return this.#value === undefined ? indexes : [...indexes, this.#value];
  }

  /**
   * Has the value that two nodes test passed in a word, without its mask: others that are tested
   * later may be masked otherwise. Tells whether that makes sense.
   */
  passValue({ end: a }: Node, { end: b }: Node): boolean {
    if (a.kind !== 'branch' || b.kind !== 'branch') return false;
    const [valueA, valueB] = [a, b].map(({ test }) => askedAbout(this.#table, test)) as [
      Expr,
      Expr,
    ];
    if (valueA === valueB) return false;
    this.#value = this.#param('value', valueA, valueB);
    return true;
  }

  #param(kind: Param['kind'], a: Expr, b: Expr): Param {
    const word = this.#newWord();
    const table = this.#table;
    table.word(word, join(table.fact(a), table.fact(b)));
    return { word, kind, a, b };
  }

  /** Two nodes as one; the targets are those of `a`. */
  node(a: Node, b: Node, first: boolean): Node | undefined {
    if (a.stores.length > 0 || b.stores.length > 0) return undefined;
    if (a.end.kind === 'jump' && b.end.kind === 'jump') {
      const checks = this.#checks(a, b, first, []);
      return checks && { checks, stores: [], end: a.end };
    }
    if (a.end.kind !== 'branch' || b.end.kind !== 'branch') return undefined;
    const [one, other] = [a.end.test, b.end.test];
    if (one.op !== other.op) return undefined;
    const left = this.#expr(one.left, other.left);
    if (left === undefined) return undefined;
    const right = this.#expr(one.right, other.right);
    if (right === undefined) return undefined;
    const checks = this.#checks(a, b, first, [
      [one.left, other.left, left],
      [one.right, other.right, right],
    ]);
    return checks && { checks, stores: [], end: { ...a.end, test: { op: one.op, left, right } } };
  }

  /**
   * The checks of both. That of a load which the test itself looks at may stand on one side only:
   * on the other it comes out well anyhow. Of the first nodes, others may too.
   */
  #checks(
    a: Node,
    b: Node,
    first: boolean,
    looked: readonly (readonly [Expr, Expr, Expr])[],
  ): readonly Expr[] | undefined {
    const table = this.#table;
    const checks: Expr[] = [];
    const others = [...b.checks];
    for (const check of a.checks) {
      const seen = looked.find(([one]) => one === check);
      if (seen !== undefined) {
        if (table.mayReject(seen[2])) checks.push(seen[2]);
        const same = others.indexOf(seen[1]);
        if (same !== -1) others.splice(same, 1);
        continue;
      }
      const index = others.findIndex((other) => this.#isAlike(check, other));
      if (index === -1 && !first) return undefined;
      if (index === -1) {
        this.checks.a.push(check);
        continue;
      }
      const same = this.#expr(check, others[index]!)!;
      if (table.mayReject(same)) checks.push(same);
      others.splice(index, 1);
    }
    for (const other of others) {
      const seen = looked.find(([, one]) => one === other);
      if (seen === undefined && !first) return undefined;
      if (seen === undefined) this.checks.b.push(other);
      else if (table.mayReject(seen[2])) checks.push(seen[2]);
    }
    return checks;
  }

  /** Would two expressions be one, without a new word for it? */
  #isAlike(a: Expr, b: Expr): boolean {
    if (a === b) return true;
    const [one, other] = [this.#table.get(a), this.#table.get(b)];
    if (one.kind !== 'load' || other.kind !== 'load' || one.size !== other.size) return false;
    const delta = one.offset - other.offset;
    return this.#differences.some(
      (each) => each.a === one.index && each.b === other.index && each.delta === delta,
    );
  }

  /** An expression that is `a` where the words hold what they do on side a, and `b` on side b. */
  #expr(a: Expr, b: Expr, levels: number = depth): Expr | undefined {
    if (a === b) return a;
    if (levels === 0) return undefined;
    const table = this.#table;
    if (this.#value?.a === a && this.#value.b === b) return table.word(this.#value.word);
    const [one, other] = [table.get(a), table.get(b)];
    if (one.kind === 'arith' && other.kind === 'arith' && one.op === other.op) {
      const left = this.#expr(one.left, other.left, levels - 1);
      if (left === undefined) return undefined;
      const right = this.#expr(one.right, other.right, levels - 1);
      return right === undefined ? undefined : makeArith(table, one.op, left, right);
    }
    if (one.kind !== 'load' || other.kind !== 'load' || one.size !== other.size) return undefined;
    const delta = one.offset - other.offset;
    const param = this.#indexParam(one.index, other.index, delta);
    if (param === undefined) return undefined;
    const offset = Math.min(one.offset, other.offset);
    return makeLoad(table, one.size, offset, table.word(param.word));
  }

  /** The word for a difference between loads: one for all that differ in the same way. */
  #indexParam(a: Expr | undefined, b: Expr | undefined, delta: number): Param | undefined {
    const known = this.#differences.find(
      (each) => each.a === a && each.b === b && each.delta === delta,
    );
    if (known !== undefined) return known.param;
    if (this.#differences.length >= mostIndexes) return undefined;
    const [valueA, valueB] = [this.#index(a, delta), this.#index(b, -delta)];
    if (valueA === undefined || valueB === undefined) return undefined;
    const param = this.#param('index', valueA, valueB);
    this.#differences.push({ a, b, delta, param });
    return param;
  }

  /** An index that is larger by a difference, if that is positive. */
  #index(index: Expr | undefined, delta: number): Expr | undefined {
    const table = this.#table;
    const more = Math.max(delta, 0);
    if (index === undefined) return table.const(more);
    if (table.fact(index).hi + more > 0xffffffff) return undefined;
    return makeArith(table, '+', index, table.const(more));
  }
}
