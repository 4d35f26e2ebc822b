import type { Expr, Expressions } from './expressions.ts';
import type { End, Node, Test } from './graph.ts';

export type Branch = Extract<End, { kind: 'branch' }>;

/**
 * Conditions in a row, each of which leads on to the next or else to one and the same exit: the
 * hosts of a list, all of which lead to acceptance, or the conditions of an `and`.
 */
export interface Row {
  readonly steps: readonly Step[];
  readonly exit: number;
  /** Where the last step leads on to. */
  readonly onward: number;
}

/**
 * One condition: a node that tests; or two, the second of which is asked where the first comes out
 * one way and alone leads to the exit (`portrange 1-9`, `src a and dst b`).
 */
export type Step = readonly [number] | readonly [number, number];

/** Which nodes may stand in a row; the first one of all is asked about apart. */
export type Fits = (at: number, isFirst: boolean) => boolean;

/**
 * Looks for a row that begins with a node: of two steps or more, and the one of most nodes where
 * there are several, which have different exits. What leads into it leads to its first node.
 */
export function findRow(
  nodes: readonly Node[],
  entries: Int32Array,
  first: number,
  fits: Fits,
): Row | undefined {
  let best: Row | undefined;
  for (const exit of exits(nodes, first)) {
    const row = rowTo(nodes, entries, first, exit, fits);
    if (row.steps.length < 2) continue;
    if (best === undefined || nodesOf(row).length > nodesOf(best).length) best = row;
  }
  return best;
}

/** All nodes of a row, in its order. */
export const nodesOf = ({ steps }: Row): readonly number[] => steps.flat();

export const branchOf = (nodes: readonly Node[], at: number): Branch | undefined => {
  const { end } = nodes[at]!;
  return end.kind === 'branch' ? end : undefined;
};

/** What a row that begins here may lead to. */
function exits(nodes: readonly Node[], first: number): ReadonlySet<number> {
  const found = new Set<number>();
  for (const [inner, next] of ways(nodes, first)) {
    found.add(next);
    for (const [one, other] of ways(nodes, inner)) if (one === next) found.add(other);
  }
  return found;
}

/** Both targets of a node, either of them first. */
function ways(nodes: readonly Node[], at: number): readonly (readonly [number, number])[] {
  const end = branchOf(nodes, at);
  if (end === undefined) return [];
  return [
    [end.yes, end.no],
    [end.no, end.yes],
  ];
}

function rowTo(
  nodes: readonly Node[],
  entries: Int32Array,
  first: number,
  exit: number,
  fits: Fits,
): Row {
  const steps: Step[] = [];
  let onward = first;
  const canBe = (at: number, leading: number): boolean =>
    (at === first || entries[at] === leading) && fits(at, at === first);
  for (;;) {
    const step = canBe(onward, steps.at(-1)?.length ?? 0) ? stepAt(onward) : undefined;
    if (step === undefined) return { steps, exit, onward };
    steps.push(step.nodes);
    onward = step.next;
  }

  function stepAt(at: number): { nodes: Step; next: number } | undefined {
    for (const [one, next] of ways(nodes, at)) {
      if (one === exit) return { nodes: [at], next };
    }
    for (const [inner, next] of ways(nodes, at)) {
      if (!canBe(inner, 1)) continue;
      const leads = ways(nodes, inner).some(([one, other]) => one === exit && other === next);
      if (leads) return { nodes: [at, inner], next };
    }
    return undefined;
  }
}

/** A node's tests with other targets. */
export function retarget({ test, yes, no }: Branch, follow: (to: number) => number): Branch {
  return { kind: 'branch', test, yes: follow(yes), no: follow(no) };
}

/** The value that a test asks about: `x` also where it asks for `x & 0xff000000`. */
export function askedAbout(table: Expressions, { left }: Test): Expr {
  const expression = table.get(left);
  if (expression.kind !== 'arith' || expression.op !== '&') return left;
  return table.constant(expression.right) === undefined ? left : expression.left;
}
