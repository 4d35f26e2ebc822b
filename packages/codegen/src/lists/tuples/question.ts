import type { Test } from '@hookdump/filter';
import type { ListProgram } from '../graph.ts';
import { MOST } from '../intervals.ts';
import type { Expressions } from './expressions.ts';
import type { PlainTest } from './types.ts';

/** Whether what a field has under a mask is a number. */
export interface Condition {
  /** An expression's number, or a word for a test that is none of equality. */
  readonly field: string;
  readonly mask: number;
  readonly number: number;
}

/** A test in both forms, which hold alike. */
export interface Question {
  readonly condition: Condition;
  readonly test: PlainTest;
  /** Whether they hold where the block's own test does not. */
  readonly isOpposite: boolean;
}

/** `undefined` for what compares with no constant, and what is decided. */
export function questionOf(
  { op, left, right }: Test,
  { constants }: ListProgram,
  expressions: Expressions,
): Question | undefined {
  const number = constants.get(right);
  const expression = expressions.of(left);
  if (number === undefined || expression === undefined || constants.has(left)) return undefined;
  switch (op) {
    case '==':
      return equality(expression, number, false, expressions);
    case '&':
      return number === 0
        ? undefined
        : equality(expressions.masked(expression, number), 0, true, expressions);
    case '>':
      return number === MOST ? undefined : atLeast(expression, number + 1);
    case '>=':
      return number === 0 ? undefined : atLeast(expression, number);
    default:
      return op satisfies never;
  }
}

/** Of a block that only goes on. */
export function always(expressions: Expressions): Question {
  const expression = expressions.constant(0);
  const condition = { field: 'always', mask: 1, number: 1 };
  return { condition, test: { expression, op: '>=', number: 0 }, isOpposite: false };
}

function atLeast(expression: number, number: number): Question {
  const condition = { field: `${expression}>=${number}`, mask: 1, number: 1 };
  return { condition, test: { expression, op: '>=', number }, isOpposite: false };
}

/** Through masks and shifts to what they are made of. */
function equality(
  expression: number,
  number: number,
  isOpposite: boolean,
  { all }: Expressions,
): Question | undefined {
  let field = expression;
  let mask = onesUpTo(all[field]!.most);
  let wanted = number;
  for (;;) {
    const made = all[field]!.expression;
    if (made.kind !== 'arith') break;
    const operand = all[made.right]!.expression;
    if (operand.kind !== 'const') break;
    if (made.op === '&') mask = (mask & operand.value) >>> 0;
    else if (made.op === '>>' && mask * 2 ** operand.value <= MOST) {
      mask *= 2 ** operand.value;
      wanted *= 2 ** operand.value;
    } else break;
    field = made.left;
    mask = (mask & onesUpTo(all[field]!.most)) >>> 0;
  }
  if (mask === 0 || wanted > MOST || (wanted & ~mask) !== 0) return undefined;
  const condition = { field: `${field}`, mask, number: wanted };
  return { condition, test: { expression, op: '==', number }, isOpposite };
}

/** All bits that numbers up to `most` have. */
export const onesUpTo = (most: number): number => (most === 0 ? 0 : MOST >>> Math.clz32(most));
