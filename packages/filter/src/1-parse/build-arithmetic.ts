import { precedence, unaryPrecedence } from '../ast/precedence.ts';
import type { Arithmetic } from '../ast/types.ts';
import type { ArithOp } from '../ir/types.ts';
import { join, type Span } from '../source.ts';

/** What stands between signs: `-` signs before it, then a number, `len`, a load or parentheses. */
export interface Factor {
  readonly minuses: readonly Span[];
  readonly value: Arithmetic;
}

type Pending =
  | { readonly kind: 'binary'; readonly op: ArithOp; readonly left: Arithmetic }
  | { readonly kind: 'negate'; readonly span: Span };

/**
 * A yacc parser's decisions, without its tables: operands in, a tree out.
 *
 * @param signs one fewer than there are factors
 */
export function buildArithmetic(factors: readonly Factor[], signs: readonly ArithOp[]): Arithmetic {
  const pending: Pending[] = [];
  let value: Arithmetic | undefined;
  factors.forEach((factor, index) => {
    for (const span of factor.minuses) pending.push({ kind: 'negate', span });
    value = factor.value;
    const next = signs[index];
    if (next === undefined) return;
    while (pending.length > 0 && reducesBefore(pending.at(-1)!, next)) {
      value = reduce(pending.pop()!, value);
    }
    pending.push({ kind: 'binary', op: next, left: value });
  });
  while (pending.length > 0) value = reduce(pending.pop()!, value!);
  return value!;
}

function reducesBefore(pending: Pending, next: ArithOp): boolean {
  const own = pending.kind === 'negate' ? unaryPrecedence : precedence[pending.op];
  const following = precedence[next];
  // Without a precedence on either side, yacc shifts.
  return own !== undefined && following !== undefined && own >= following;
}

function reduce(pending: Pending, value: Arithmetic): Arithmetic {
  if (pending.kind === 'negate') {
    return { kind: 'negate', operand: value, span: join(pending.span, value.span) };
  }
  const { op, left } = pending;
  return { kind: 'binary', op, left, right: value, span: join(left.span, value.span) };
}
