import type { Expr, Expressions } from '../graph/expressions.ts';
import type { End, Graph, Node } from '../graph/graph.ts';

/**
 * What is checked later on every path that accepts. A packet that is too short for that is rejected
 * there at the latest, so that nothing less need be checked before.
 */
interface Ahead {
  /** So many bytes from the packet's first on are needed; infinite where nothing accepts. */
  readonly present: number;
  readonly presentAt: readonly { readonly index: Expr; readonly extent: number }[];
}

const nothingAhead: Ahead = { present: 0, presentAt: [] };
const rejectAhead: Ahead = { present: Number.POSITIVE_INFINITY, presentAt: [] };
const mostIndexes = 4;
/** So deep is looked for a load in what a node computes. */
const depth = 6;

/**
 * Leaves out checks whose outcome makes no difference, because a stricter one follows on every path
 * that accepts, or stands in the same node. A load that the node needs the value of stays: it costs
 * nothing, and tells the other passes that it has been in bounds.
 */
export function removeChecks(graph: Graph): Graph {
  const { nodes, table } = graph;
  const ahead: Ahead[] = [];
  let changed = false;
  const after = nodes.slice();
  for (let at = nodes.length - 1; at >= 0; at--) {
    const node = nodes[at]!;
    const checks = needed(table, node, atEnd(table, node.end, ahead));
    if (checks !== node.checks) {
      changed = true;
      after[at] = { ...node, checks };
    }
    let before = atEnd(table, node.end, ahead);
    for (const check of checks) before = withCheck(table, before, check);
    ahead[at] = before;
  }
  return changed ? { ...graph, nodes: after } : graph;
}

function atEnd(table: Expressions, end: End, ahead: readonly Ahead[]): Ahead {
  switch (end.kind) {
    case 'jump':
      return ahead[end.to]!;
    case 'branch':
      return both(table, ahead[end.yes]!, ahead[end.no]!);
    case 'return':
      return end.value === 0 ? rejectAhead : nothingAhead;
    case 'return-value':
      return nothingAhead;
    default:
      return end satisfies never;
  }
}

function needed(table: Expressions, node: Node, ahead: Ahead): readonly Expr[] {
  const { checks } = node;
  if (checks.length === 0) return checks;
  let enough = ahead;
  const kept = checks
    .slice()
    .reverse()
    .filter((check) => {
      const wanted =
        !implies(table, enough, check) || (ahead !== rejectAhead && uses(table, node, check));
      if (wanted) enough = withCheck(table, enough, check);
      return wanted;
    });
  return kept.length === checks.length ? checks : kept.reverse();
}

function uses(table: Expressions, { stores, end }: Node, check: Expr): boolean {
  if (stores.some(({ value }) => contains(table, value, check, depth))) return true;
  if (end.kind !== 'branch') return false;
  return (
    contains(table, end.test.left, check, depth) || contains(table, end.test.right, check, depth)
  );
}

function contains(table: Expressions, expr: Expr, part: Expr, levels: number): boolean {
  if (expr === part) return true;
  // Parts have lower numbers than what is made of them.
  if (expr < part || levels === 0) return false;
  const expression = table.get(expr);
  if (expression.kind === 'load') {
    return expression.index !== undefined && contains(table, expression.index, part, levels - 1);
  }
  if (expression.kind !== 'arith') return false;
  return (
    contains(table, expression.left, part, levels - 1) ||
    contains(table, expression.right, part, levels - 1)
  );
}

function implies(table: Expressions, ahead: Ahead, check: Expr): boolean {
  if (ahead === rejectAhead) return true;
  const expression = table.get(check);
  if (expression.kind !== 'load') return false;
  const { index, offset, size } = expression;
  if (index === undefined) return offset + size <= ahead.present;
  if (table.fact(index).hi + offset + size <= ahead.present) return true;
  return ahead.presentAt.some((each) => each.index === index && offset + size <= each.extent);
}

function withCheck(table: Expressions, ahead: Ahead, check: Expr): Ahead {
  if (ahead === rejectAhead) return ahead;
  const expression = table.get(check);
  if (expression.kind !== 'load' || implies(table, ahead, check)) return ahead;
  const { index } = expression;
  const extent = expression.offset + expression.size;
  if (index === undefined) return { ...ahead, present: extent };
  const others = ahead.presentAt.filter((each) => each.index !== index);
  return {
    present: Math.max(ahead.present, table.fact(index).lo + extent),
    presentAt: [{ index, extent }, ...others.slice(0, mostIndexes - 1)],
  };
}

/** What is needed whichever way is taken. */
function both(table: Expressions, a: Ahead, b: Ahead): Ahead {
  if (a === b || b === rejectAhead) return a;
  if (a === rejectAhead) return b;
  const presentAt: Ahead['presentAt'][number][] = [];
  for (const { index, extent } of a.presentAt) {
    const other = b.presentAt.find((each) => each.index === index)?.extent;
    const there = Math.max(other ?? 0, b.present - table.fact(index).hi);
    if (there > 0) presentAt.push({ index, extent: Math.min(extent, there) });
  }
  return { present: Math.min(a.present, b.present), presentAt };
}
