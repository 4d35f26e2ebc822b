import type { Diagnostic } from '../../diagnostic.ts';
import { arith } from '../../ir/arith.ts';
import * as messages from '../../messages/analyze.ts';
import type { PredicateTest, Term } from '../../predicate/types.ts';

export type Relation = Extract<PredicateTest, { kind: 'relation' }>;

/** What a number can be, whatever the packet: from `min` to `max`, with no bits set but `bits`. */
interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly bits: number;
}

/**
 * A comparison whose outcome does not depend on the packet: `ip[0] = 256`, `tcp[13] & 2 = 1`.
 *
 * Silent where both sides are constant: that is no slip, but what a script put in.
 */
export function decided({ op, left, right, span }: Relation): Diagnostic | undefined {
  const [a, b] = [boundsOf(left), boundsOf(right)];
  if (isConstant(a) && isConstant(b)) return undefined;
  const apart = a.max < b.min || b.max < a.min || misses(a, b) || misses(b, a);
  const outcome = {
    '=': apart ? false : undefined,
    '!=': apart ? true : undefined,
    '>': a.min > b.max ? true : a.max <= b.min ? false : undefined,
    '<=': a.min > b.max ? false : a.max <= b.min ? true : undefined,
    '>=': a.min >= b.max ? true : a.max < b.min ? false : undefined,
    '<': a.min >= b.max ? false : a.max < b.min ? true : undefined,
  }[op];
  if (outcome === undefined) return undefined;
  const [side, varying, { min, max, bits }, constant] = isConstant(b)
    ? (['left', left, a, b] as const)
    : (['right', right, b, a] as const);
  if (a.max < b.min || b.max < a.min || !apart) {
    const limit = constant.min <= min ? `${min} at least` : `${max} at most`;
    return messages.decided(span, outcome, `the ${side} side is ${limit}`);
  }
  const isMask = varying.kind === 'binary' && varying.op === '&';
  const hint = isMask ? "to ask whether any of these bits is set, write '!= 0'" : undefined;
  return messages.decided(span, outcome, `the ${side} side has no bits but ${hex(bits)}`, hint);
}

const hex = (value: number): string => `0x${value.toString(16)}`;

const isConstant = ({ min, max }: Bounds): boolean => min === max;

/** Is one a constant with bits in it that the other never has? */
const misses = (a: Bounds, b: Bounds): boolean => isConstant(a) && (a.min & ~b.bits) !== 0;

const whole = 0xffffffff;
const all: Bounds = { min: 0, max: whole, bits: whole };

const exactly = (value: number): Bounds => ({ min: value, max: value, bits: value });

/** Any bits up to the highest that `max` has; what may wrap around may be anything. */
const upTo = (min: number, max: number): Bounds =>
  max > whole ? all : { min, max, bits: max === 0 ? 0 : whole >>> Math.clz32(max) };

const masked = (bits: number): Bounds => ({ min: 0, max: bits >>> 0, bits: bits >>> 0 });

function boundsOf(term: Term): Bounds {
  switch (term.kind) {
    case 'number':
      return exactly(term.value);
    case 'length':
      return all;
    case 'load':
      return upTo(0, 256 ** term.size - 1);
    case 'negate': {
      const operand = boundsOf(term.operand);
      return isConstant(operand) ? exactly(-operand.min >>> 0) : all;
    }
    case 'binary':
      return ofBinary(term);
    default:
      return term satisfies never;
  }
}

function ofBinary({ op, left, right }: Extract<Term, { kind: 'binary' }>): Bounds {
  const [a, b] = [boundsOf(left), boundsOf(right)];
  if (isConstant(a) && isConstant(b)) {
    const value = arith(op, a.min, b.min);
    return value === undefined ? all : exactly(value);
  }
  switch (op) {
    case '&':
      return masked(a.bits & b.bits);
    case '|':
      return { ...masked(a.bits | b.bits), min: Math.max(a.min, b.min) };
    case '^':
      return masked(a.bits | b.bits);
    case '+':
      return upTo(a.min + b.min, a.max + b.max);
    case '-':
      return a.min >= b.max ? upTo(a.min - b.max, a.max - b.min) : all;
    case '*':
      return upTo(a.min * b.min, a.max * b.max);
    case '/':
      return upTo(Math.floor(a.min / b.max), Math.floor(a.max / Math.max(1, b.min)));
    case '%':
      return upTo(0, Math.min(a.max, b.max - 1));
    case '<<':
      return isConstant(b) ? masked(a.bits << b.min) : all;
    case '>>':
      return isConstant(b)
        ? { min: a.min >>> b.min, max: a.max >>> b.min, bits: a.bits >>> b.min }
        : upTo(0, a.max);
    default:
      return op satisfies never;
  }
}
