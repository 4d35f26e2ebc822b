import { allOf, type Condition, compare } from './condition.ts';
import type { Context, TestOf } from './context.ts';
import { lowerTerm } from './term.ts';

/** A comparison: false for packets that its loads do not belong to. (gencode.c: gen_relation()) */
export function relation(context: Context, test: TestOf<'relation'>): Condition {
  const left = lowerTerm(context, test.left);
  const right = lowerTerm(context, test.right);
  return allOf(left.belongs, right.belongs, compare(test.op, left.tree, right.tree));
}
