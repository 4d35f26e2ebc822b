import type { Expr, Expressions } from './expressions.ts';
import { isExact } from './fact.ts';
import { type Knowledge, ownFact } from './knowledge.ts';
import { makeArith, makeLoad } from './simplify.ts';

/** Expressions are looked into so deep for parts that are known to be one number. */
const depth = 6;

/** An expression with the same value where these things are known, with constants in place. */
export function specialize(
  known: Knowledge,
  table: Expressions,
  expr: Expr,
  levels: number = depth,
): Expr {
  const fact = ownFact(known, expr);
  if (fact !== undefined && isExact(fact)) return table.const(fact.lo);
  if (levels === 0) return expr;
  const expression = table.get(expr);
  if (expression.kind === 'load' && expression.index !== undefined) {
    const index = specialize(known, table, expression.index, levels - 1);
    if (index === expression.index) return expr;
    return makeLoad(table, expression.size, expression.offset, index);
  }
  if (expression.kind === 'arith') {
    const left = specialize(known, table, expression.left, levels - 1);
    const right = specialize(known, table, expression.right, levels - 1);
    if (left === expression.left && right === expression.right) return expr;
    return makeArith(table, expression.op, left, right);
  }
  return expr;
}
