import type { ArithOp } from '../ir/types.ts';

/**
 * How tightly signs bind in libpcap's grammar.y.in, loosest first. `%` and `^` have no precedence
 * there, and yacc then always shifts: their right side takes all that follows, and whatever stands
 * before them waits. So `7 % 4 + 1` is `7 % 5`, and `8 / 4 % 3` is `8 / (4 % 3)`. A unary minus
 * binds tighter than all that have one.
 */
export const precedence: Readonly<Partial<Record<ArithOp, number>>> = {
  '|': 1,
  '&': 2,
  '<<': 3,
  '>>': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
};

export const unaryPrecedence = 6;
