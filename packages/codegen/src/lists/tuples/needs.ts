import type { BlockId } from '@hookdump/filter';
import type { Condition } from './question.ts';
import { collectLoads, type TupleRegion } from './region.ts';

/** What is known of some packets. */
export interface Known {
  readonly holds: readonly Condition[];
  readonly fails: readonly Condition[];
}

/**
 * The loads that a region may make for such packets, but for those of its first block: where one of
 * them fails, the program ends, and so no table may answer before all of them are known to succeed.
 */
export function loadsFor({ steps, expressions }: TupleRegion, known: Known): ReadonlySet<number> {
  const reached = new Set<BlockId>([steps[0]!.block]);
  const loads = new Set<number>();
  for (const { block, question, pass, fail, loads: others } of steps) {
    if (!reached.has(block)) continue;
    for (const load of others) loads.add(load);
    collectLoads(question.test.expression, expressions, loads);
    const answer = pass === fail || answerOf(question.condition, known);
    if (answer !== false) reached.add(pass);
    if (answer !== true) reached.add(fail);
  }
  for (const load of loads) if (expressions.all[load]!.value !== undefined) loads.delete(load);
  return loads;
}

/** Whether a condition holds of all packets, or of none; `undefined`: of some, for all that is known. */
function answerOf({ field, mask, number }: Condition, known: Known): boolean | undefined {
  for (const each of known.holds) {
    if (each.field !== field) continue;
    if (((each.number ^ number) & each.mask & mask) !== 0) return false;
    if ((mask & ~each.mask) === 0) return true;
  }
  const isSame = (each: Condition): boolean =>
    each.field === field && each.mask === mask && each.number === number;
  return known.fails.some(isSame) ? false : undefined;
}
