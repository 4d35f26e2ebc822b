import type { Predicate, PredicateTest } from '../predicate/types.ts';
import { type Blocks, negate, toBlocks } from './primitives/condition.ts';
import type { Context } from './primitives/context.ts';
import { protochains } from './primitives/protochain.ts';

/** An operand of a chain that is not known beforehand. */
export interface Link {
  readonly op: 'and' | 'or';
  readonly condition: Blocks;
  readonly search?: Search;
}

/** An operand that is a `protochain` or `not` one, and where it looks. */
interface Search {
  readonly test: Extract<PredicateTest, { kind: 'protochain' }>;
  readonly negated: boolean;
  readonly context: Context;
}

/** What an operand searches a chain of headers for, if it does. */
export function searchOf(operand: Predicate, context: Context): Search | undefined {
  if (operand.kind === 'protochain') return { test: operand, negated: false, context };
  if (operand.kind !== 'not' || operand.operand.kind !== 'protochain') return undefined;
  return { test: operand.operand, negated: true, context };
}

/**
 * Makes one operand of neighbours that walk the same chain of headers under the same operator:
 * `a op b op c` is `a op (b op c)`, since operands are evaluated from the left, and only while they
 * matter. What stands before the first operand does not count.
 */
export function mergeProtochains(links: readonly Link[]): readonly Link[] {
  if (!links.some(({ search }) => search !== undefined)) return links;
  const merged: Link[] = [];
  for (let at = 0; at < links.length; ) {
    const run = runFrom(links, at);
    merged.push(run.length > 1 ? merge(run) : links[at]!);
    at += run.length;
  }
  return merged;
}

function runFrom(links: readonly Link[], first: number): readonly Link[] {
  const { search } = links[first]!;
  const next = links[first + 1];
  if (search === undefined || next === undefined) return [links[first]!];
  const op = first === 0 ? next.op : links[first]!.op;
  let end = first + 1;
  while (end < links.length && links[end]!.op === op && isAlike(search, links[end]!.search)) end++;
  return links.slice(first, end);
}

function isAlike(one: Search, other: Search | undefined): boolean {
  return (
    other !== undefined &&
    one.context === other.context &&
    one.negated === other.negated &&
    one.test.over.length === other.test.over.length &&
    one.test.over.every((protocol) => other.test.over.includes(protocol))
  );
}

/** Several links as one; `not a and not b` is `not (a or b)`. */
function merge(run: readonly Link[]): Link {
  const { op, search } = run[0]!;
  const { context, negated, test } = search!;
  const runOp = run[1]!.op;
  const contrary = runOp === 'and' ? 'or' : 'and';
  const numbers = run.map((link) => link.search!.test.number);
  const found = protochains(context, negated ? contrary : runOp, test.over, numbers);
  return { op, condition: toBlocks(negated ? negate(found) : found) };
}
