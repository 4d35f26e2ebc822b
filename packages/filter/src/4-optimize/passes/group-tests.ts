import type { Expr } from '../graph/expressions.ts';
import {
  arrange,
  countEntries,
  type Graph,
  isReject,
  type Node,
  type Test,
} from '../graph/graph.ts';
import {
  askedAbout,
  branchOf,
  findRow,
  nodesOf,
  type Row,
  retarget,
  type Step,
} from '../graph/rows.ts';

/** Two steps that ask about one value stand together anyhow. */
const fewestSteps = 3;
/** For less, the order of the text stays: what another way has in the same order is shared. */
const fewestSaved = 2;

/**
 * Puts tests of one value together, where their order makes no difference: `host a or host b` asks
 * for the source twice and then for the destination twice, and loads each once; so do networks,
 * whatever their masks, and ranges of ports. Conditions that lead to the same exit can change
 * places. What a check rejects must not change places with an exit that does anything but reject,
 * so that truncated packets are treated as before.
 */
export function groupTests(graph: Graph): Graph {
  const { nodes } = graph;
  const entries = countEntries(nodes);
  const taken = new Uint8Array(nodes.length);
  let after: Node[] | undefined;
  for (let at = 0; at < nodes.length; at++) {
    if (taken[at] === 1) continue;
    const row = findRow(nodes, entries, at, (each) => nodes[each]!.stores.length === 0);
    if (row === undefined || row.steps.length < fewestSteps) continue;
    for (const each of nodesOf(row)) taken[each] = 1;
    const order = grouped(graph, row);
    if (order === undefined) continue;
    after ??= nodes.slice();
    reorder(after, nodes, row, order);
  }
  return after === undefined ? graph : { ...graph, nodes: arrange(after) };
}

/** The steps of a row in a better order; `undefined` if it is good as it is. */
function grouped(graph: Graph, { steps, exit }: Row): readonly Step[] | undefined {
  const { nodes } = graph;
  const hasChecks = (step: Step): boolean => step.some((at) => nodes[at]!.checks.length > 0);
  // Up to the last check, nothing moves unless the exit does just what a failed check does.
  const last = steps.reduce((found, step, index) => (hasChecks(step) ? index : found), -1);
  const fixed = isReject(nodes[exit]!) ? 0 : last + 1;
  const groups = new Map<Expr | string, Group>();
  const groupOf = (step: Step): Group => {
    const key = subject(graph, step);
    let group = groups.get(key);
    if (group === undefined) {
      group = new Group(typeof key === 'string' ? undefined : key);
      groups.set(key, group);
    }
    return group;
  };
  const tested = (step: Step): Expr => branchOf(nodes, step[0])!.test.left;
  if (fixed > 0) groupOf(steps[fixed - 1]!).follow(tested(steps[fixed - 1]!));
  for (const step of steps.slice(fixed)) {
    const group = groupOf(step);
    if (hasChecks(step)) {
      // A test with checks of its own stays behind all that stood before it.
      if (!group.isEmpty) return undefined;
      group.follow(tested(step));
    }
    group.add(tested(step), step);
  }
  const order = [...steps.slice(0, fixed), ...[...groups.values()].flatMap((group) => group.all)];
  return isBetter(graph, order, steps) ? order : undefined;
}

/**
 * Less to load and to mask; or where that is the same, more of one value in a row: a back end may
 * make a table of that, and `mergeRanges` finds what stands side by side.
 */
function isBetter(graph: Graph, order: readonly Step[], steps: readonly Step[]): boolean {
  const { nodes, table } = graph;
  const tests = (of: readonly Step[]): Test[] => of.flat().map((at) => branchOf(nodes, at)!.test);
  const saved = (what: (test: Test) => Expr): number =>
    countChanges(tests(steps).map(what)) - countChanges(tests(order).map(what));
  const fewer = saved(({ left }) => left);
  return fewer > 0 || (fewer === 0 && saved((test) => askedAbout(table, test)) >= fewestSaved);
}

/** How often something else comes than before. */
const countChanges = (all: readonly Expr[]): number =>
  all.filter((each, index) => each !== all[index - 1]).length;

/** What a step asks about; of two values, which two. */
function subject({ nodes, table }: Graph, step: Step): Expr | string {
  const values = step.map((at) => askedAbout(table, branchOf(nodes, at)!.test));
  return values.every((value) => value === values[0]) ? values[0]! : values.join();
}

/** Steps that ask about one value: those for one mask stand together, those for none first. */
class Group {
  readonly #byMask = new Map<Expr, Step[]>();
  readonly #value: Expr | undefined;

  constructor(value: Expr | undefined) {
    this.#value = value;
  }

  get isEmpty(): boolean {
    return this.#byMask.size === 0;
  }

  get all(): readonly Step[] {
    return [...this.#byMask.values()].flat();
  }

  /** Stands behind what tests this: more of it comes first. */
  follow(tested: Expr): void {
    this.#of(tested);
  }

  add(tested: Expr, step: Step): void {
    if (this.#value !== undefined) this.#of(this.#value);
    this.#of(tested).push(step);
  }

  #of(tested: Expr): Step[] {
    const known = this.#byMask.get(tested);
    if (known !== undefined) return known;
    const steps: Step[] = [];
    this.#byMask.set(tested, steps);
    return steps;
  }
}

/** Puts the steps of a row into its places, in another order. */
function reorder(
  after: Node[],
  nodes: readonly Node[],
  { steps, exit, onward }: Row,
  order: readonly Step[],
): void {
  // The first place in the row keeps its number: it is the one that others lead to.
  const places = steps.flat().sort((a, b) => a - b);
  let used = 0;
  for (const step of order) {
    const own = places.slice(used, used + step.length);
    used += step.length;
    const next = places[used] ?? onward;
    step.forEach((at, index) => {
      const inner = step[index + 1];
      const end = retarget(branchOf(nodes, at)!, (to) => {
        if (to === exit) return exit;
        return to === inner ? own[index + 1]! : next;
      });
      after[own[index]!] = { ...nodes[at]!, end };
    });
  }
}
