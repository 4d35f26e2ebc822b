import { type Test, upperBound, type Value, type ValueId } from '@hookdump/filter';
import { MOST } from './intervals.ts';
import type { Interval } from './types.ts';

/** What a test asks: whether `value` lies in an interval; `undefined`: it never does. */
export interface Question {
  readonly value: ValueId;
  /** No number above this one is ever the value. */
  readonly most: number;
  readonly holds: Interval | undefined;
}

/** What is known of a program's values. */
export interface Knowledge {
  readonly byId: ReadonlyMap<ValueId, Value>;
  readonly constants: ReadonlyMap<ValueId, number>;
}

/**
 * Reads a test as a question for an interval, through masks of high bits and shifts to the right:
 * `src net 10.0.0.0/8` masks the address and asks for the address from 10.0.0.0 to 10.255.255.255.
 * `undefined` for what no single interval says.
 */
export function questionOf(test: Test, { byId, constants }: Knowledge): Question | undefined {
  const number = constants.get(test.right);
  if (number === undefined || constants.has(test.left)) return undefined;
  let value = test.left;
  let holds: Interval | undefined;
  if (test.op === '==') holds = [number, number];
  else if (test.op === '>') holds = number === MOST ? undefined : [number + 1, MOST];
  else if (test.op === '>=') holds = [number, MOST];
  else {
    const below = bitsBelow(number, upperBound(value, byId));
    if (below === undefined) return undefined;
    holds = [below + 1, MOST];
  }
  for (;;) {
    const step = stepBack(byId.get(value)!, { byId, constants });
    if (step === undefined) break;
    value = step.value;
    holds &&= step.before(holds);
  }
  const most = upperBound(value, byId);
  if (holds !== undefined)
    holds = holds[0] > most ? undefined : [holds[0], Math.min(holds[1], most)];
  return { value, most, holds };
}

/** One step from a value to what it is made of, where order is kept on the way. */
interface Step {
  readonly value: ValueId;
  /** What the value before must be for the value after to lie in an interval. */
  readonly before: (after: Interval) => Interval | undefined;
}

function stepBack(value: Value, { byId, constants }: Knowledge): Step | undefined {
  if (value.kind === 'store') return { value: value.value, before: (after) => after };
  if (value.kind !== 'arith' || constants.has(value.id)) return undefined;
  const number = constants.get(value.right);
  if (number === undefined) return undefined;
  if (value.op === '&') {
    const below = bitsBelow(number, upperBound(value.left, byId));
    if (below === undefined) return undefined;
    return { value: value.left, before: (after) => multiples(after, below + 1, 1) };
  }
  if (value.op === '>>' && number < 32) {
    const unit = 2 ** number;
    return { value: value.left, before: (after) => multiples(after, 1, unit) };
  }
  return undefined;
}

/**
 * The numbers that come to lie in an interval when they are first divided by `unit` and then rounded
 * down to a multiple of `step`.
 */
function multiples([first, last]: Interval, step: number, unit: number): Interval | undefined {
  const from = Math.ceil(first / step) * step * unit;
  const to = (Math.floor(last / step) * step + step) * unit - 1;
  return from > MOST || from > to ? undefined : [from, Math.min(to, MOST)];
}

/**
 * The bits below a mask that takes all bits from some bit on, as far as numbers up to `most` have
 * bits at all; `undefined` for any other mask.
 */
function bitsBelow(mask: number, most: number): number | undefined {
  if (mask === 0) return undefined;
  const below = ((mask & -mask) >>> 0) - 1;
  const bits = most === 0 ? 0 : MOST >>> Math.clz32(most);
  return ((mask | below) & bits) >>> 0 === bits ? below : undefined;
}
