import type { Expr } from '../graph/expressions.ts';
import type { Fact } from '../graph/fact.ts';
import {
  arrange,
  type End,
  type Graph,
  isEmpty,
  isReject,
  type Node,
  type Test,
} from '../graph/graph.ts';
import {
  afterCheck,
  afterOutcome,
  afterStore,
  both,
  factOf,
  isChecked,
  type Knowledge,
  nothing,
  recallOutcome,
  refresh,
} from '../graph/knowledge.ts';
import type { Words } from '../graph/live-words.ts';
import { simplifyTest } from '../graph/simplify-test.ts';
import { specialize } from '../graph/specialize.ts';
import { liveAtStart } from './live.ts';

/**
 * Nodes passed by in all, per node of the program: a path that could pass by the rest of a list of
 * thousands, from every term of it, would take the square of the list's length.
 */
const stepsPerNode = 8;

/**
 * Follows what each path knows: a test whose outcome is known is passed by, as `tcp or udp` looks
 * at the EtherType once; a test is asked in the simplest form that will do where it stands; checks
 * that have been made are not made again. Where paths meet, what they both know holds on.
 */
export function threadJumps(graph: Graph): Graph {
  return new Threading(graph).graph();
}

class Threading {
  readonly #graph: Graph;
  readonly #live: readonly Words[];
  readonly #arriving: (Knowledge | undefined)[];
  #steps: number;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#live = liveAtStart(graph);
    this.#arriving = new Array<Knowledge | undefined>(graph.nodes.length).fill(undefined);
    this.#arriving[0] = nothing;
    this.#steps = graph.nodes.length * stepsPerNode;
  }

  graph(): Graph {
    const { nodes } = this.#graph;
    let changed = false;
    // In order, every node comes after all that lead to it.
    const after = nodes.map((node, at) => {
      const known = this.#arriving[at];
      if (known === undefined) return node;
      // Nobody asks again; what is forgotten early costs the garbage collector little.
      this.#arriving[at] = undefined;
      const followed = this.#node(node, known);
      changed ||= followed !== node;
      return followed;
    });
    return changed ? { ...this.#graph, nodes: arrange(after) } : this.#graph;
  }

  #node(node: Node, arriving: Knowledge): Node {
    const { table } = this.#graph;
    let known = arriving;
    let { checks, stores } = node;
    if (checks.some((check) => isChecked(known, table, check))) {
      checks = checks.filter((check) => !isChecked(known, table, check));
    }
    for (const check of checks) known = afterCheck(known, table, check);
    if (stores.length > 0) {
      const special = stores.map((store) => {
        const value = specialize(known, table, store.value);
        return value === store.value ? store : { word: store.word, value };
      });
      if (special.some((store, index) => store !== stores[index])) stores = special;
      for (const store of stores) known = afterStore(known, table, store);
    }
    const end = this.#end(node.end, this.#looked(known, node.end));
    if (checks === node.checks && stores === node.stores && end === node.end) return node;
    return { checks, stores, end };
  }

  /** Who looks at a load's value has seen that it is there. */
  #looked(known: Knowledge, end: End): Knowledge {
    if (end.kind !== 'branch') return known;
    const { table } = this.#graph;
    let after = known;
    for (const expr of [end.test.left, end.test.right]) {
      if (table.get(expr).kind === 'load') after = afterCheck(after, table, expr);
    }
    return after;
  }

  #end(end: End, known: Knowledge): End {
    const { table } = this.#graph;
    switch (end.kind) {
      case 'return':
        return end;
      case 'return-value': {
        const value = specialize(known, table, end.value);
        const constant = table.constant(value);
        if (constant !== undefined) return { kind: 'return', value: constant };
        return value === end.value ? end : { kind: 'return-value', value };
      }
      case 'jump': {
        const to = this.#arrive(end.to, known);
        return to === end.to ? end : { kind: 'jump', to };
      }
      case 'branch':
        return this.#branch(end, known);
      default:
        return end satisfies never;
    }
  }

  #branch(end: Extract<End, { kind: 'branch' }>, known: Knowledge): End {
    const { table } = this.#graph;
    const asked = this.#ask(end.test, known);
    if (typeof asked === 'boolean') {
      return { kind: 'jump', to: this.#arrive(asked ? end.yes : end.no, known) };
    }
    const { test } = asked;
    const [whereHolds, whereNot] = asked.holds ? [end.yes, end.no] : [end.no, end.yes];
    const ifHolds = afterOutcome(known, table, test, true);
    const ifNot = afterOutcome(known, table, test, false);
    // A way that contradicts what is known is never taken.
    if (ifHolds === undefined) return { kind: 'jump', to: this.#arrive(whereNot, known) };
    if (ifNot === undefined) return { kind: 'jump', to: this.#arrive(whereHolds, known) };
    const yes = this.#arrive(whereHolds, ifHolds);
    const no = this.#arrive(whereNot, ifNot);
    if (yes === no) return { kind: 'jump', to: yes };
    if (test === end.test && yes === end.yes && no === end.no) return end;
    return { kind: 'branch', test, yes, no };
  }

  #ask(test: Test, known: Knowledge): ReturnType<typeof simplifyTest> {
    const { table } = this.#graph;
    const left = specialize(known, table, test.left);
    const right = specialize(known, table, test.right);
    const special = left === test.left && right === test.right ? test : { ...test, left, right };
    const fact = (expr: Expr): Fact => factOf(known, table, expr);
    const simpler = simplifyTest(table, special, fact);
    if (typeof simpler === 'boolean') return simpler;
    const recalled = recallOutcome(known, simpler.test);
    return recalled === undefined ? simpler : recalled === simpler.holds;
  }

  /** Where a path with this knowledge really goes; leaves word there of what it knows. */
  #arrive(first: number, leaving: Knowledge): number {
    const { nodes, table } = this.#graph;
    let known = leaving;
    let to = first;
    let at = first;
    let passing = known;
    let skippedChecks = false;
    let skippedStores: readonly number[] = [];
    while (this.#steps-- > 0) {
      const { checks, stores, end } = nodes[at]!;
      if (end.kind !== 'branch' && end.kind !== 'jump') break;
      for (const check of checks) skippedChecks ||= !isChecked(known, table, check);
      for (const store of stores) {
        skippedStores = [...skippedStores, store.word];
        passing = afterStore(passing, table, store);
      }
      if (end.kind === 'jump') at = end.to;
      else {
        const outcome = this.#ask(end.test, passing);
        if (typeof outcome !== 'boolean') break;
        known = refresh(known, end.test.left);
        at = outcome ? end.yes : end.no;
      }
      // A check that is passed by would have rejected at worst.
      const harmless = !skippedChecks || isReject(nodes[at]!);
      if (harmless && !skippedStores.some((word) => this.#live[at]!.has(word))) to = at;
    }
    const others = this.#arriving[to];
    if (nodes[to]!.end.kind === 'return' && isEmpty(nodes[to]!)) {
      // Nothing is asked there; and from everywhere paths lead to acceptance and rejection.
      this.#arriving[to] = nothing;
    } else {
      this.#arriving[to] = others === undefined ? known : both(others, known, table);
    }
    return to;
  }
}
