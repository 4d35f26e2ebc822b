import { arith, compare } from '../../ir/arith.ts';
import type { ArithOp, TestOp } from '../../ir/types.ts';

/**
 * What is known of one unsigned 32-bit number without knowing the packet. All parts hold at once;
 * `lo` and `hi` never contradict the bits.
 */
export interface Fact {
  /** The number lies in `lo … hi`, ends included. */
  readonly lo: number;
  readonly hi: number;
  /** Bits that are certainly 0, and bits that are certainly 1, as masks. */
  readonly zeros: number;
  readonly ones: number;
  /** A few numbers that it is not, the latest last. */
  readonly not: readonly number[];
  /** All the numbers that it can be, ascending, if these are more than one and few. */
  readonly among: readonly number[] | undefined;
}

const max = 0xffffffff;

/**
 * So many numbers are remembered that a value is not. In a list of thousands of hosts a path
 * learns thousands of addresses, none of which is asked for again.
 */
const mostNot = 6;
/** So many numbers may be listed that a value can be: the EtherTypes of ARP and RARP, say. */
const mostAmong = 4;

const none: readonly number[] = [];

/** Of any number. */
export const anything: Fact = { lo: 0, hi: max, zeros: 0, ones: 0, not: none, among: undefined };

/** Of a number that is known. */
export const exactly = (c: number): Fact => ({
  lo: c,
  hi: c,
  zeros: ~c >>> 0,
  ones: c,
  not: none,
  among: undefined,
});

/** Of a number that is one of a few; `undefined` of none. */
function oneOf(numbers: readonly number[]): Fact | undefined {
  const [first, ...others] = numbers;
  if (first === undefined) return undefined;
  if (others.length === 0) return exactly(first);
  return {
    lo: first,
    hi: others[others.length - 1]!,
    zeros: ~numbers.reduce((a, b) => a | b) >>> 0,
    ones: numbers.reduce((a, b) => a & b) >>> 0,
    not: none,
    among: numbers,
  };
}

/** The numbers that it can be, if they are few. */
const listed = (fact: Fact): readonly number[] | undefined =>
  fact.lo === fact.hi ? [fact.lo] : fact.among;

/** Of a number between two, ends included. */
export const between = (lo: number, hi: number): Fact => tighten(lo, hi, 0, 0, none)!;

export const isExact = (fact: Fact): boolean => fact.lo === fact.hi;

/** All bits at and below the highest of a number. */
export const bitsUpTo = (n: number): number => (n === 0 ? 0 : max >>> Math.clz32(n));

/** Can the number be `c`, as far as is known? */
export function allows(fact: Fact, c: number): boolean {
  return (
    c >= fact.lo &&
    c <= fact.hi &&
    (c & fact.zeros) === 0 &&
    (~c & fact.ones) === 0 &&
    (fact.not.length === 0 || !fact.not.includes(c)) &&
    (fact.among === undefined || fact.among.includes(c))
  );
}

/** Lets range, bits and exceptions tell each other what they know; `undefined`: no such number. */
function tighten(
  low: number,
  high: number,
  zeroBits: number,
  oneBits: number,
  not: readonly number[],
): Fact | undefined {
  let lo = low;
  let hi = high;
  let zeros = zeroBits;
  let ones = oneBits;
  for (let round = 0; round < 3; round++) {
    if ((zeros & ones) !== 0) return undefined;
    // The smallest number has only the ones, the largest all that is not zero.
    if (lo < ones) lo = ones;
    const most = ~zeros >>> 0;
    if (hi > most) hi = most;
    while (not.length > 0 && not.includes(lo) && lo < hi) lo++;
    while (not.length > 0 && not.includes(hi) && lo < hi) hi--;
    if (lo > hi) return undefined;
    // Above the first bit in which the ends differ, all numbers between them agree.
    const same = ~bitsUpTo((lo ^ hi) >>> 0);
    const moreOnes = (ones | (lo & same)) >>> 0;
    const moreZeros = (zeros | (~lo & same)) >>> 0;
    if (moreOnes === ones && moreZeros === zeros) break;
    ones = moreOnes;
    zeros = moreZeros;
  }
  if (lo === hi && (not.includes(lo) || (lo & zeros) !== 0 || (~lo & ones) !== 0)) return undefined;
  const outside = not.length > 0 && not.some((c) => c < lo || c > hi);
  const left = outside ? not.filter((c) => c >= lo && c <= hi) : not;
  return { lo, hi, zeros, ones, not: left, among: undefined };
}

/** What holds where both do; `undefined` if they contradict each other. */
export function meet(a: Fact, b: Fact): Fact | undefined {
  if (a === b || b === anything) return a;
  const [few, other] = a.among === undefined ? [b, a] : [a, b];
  if (few.among !== undefined) return oneOf(few.among.filter((c) => allows(other, c)));
  return tighten(
    Math.max(a.lo, b.lo),
    Math.min(a.hi, b.hi),
    (a.zeros | b.zeros) >>> 0,
    (a.ones | b.ones) >>> 0,
    b.not.length === 0 ? a.not : a.not.length === 0 ? b.not : latest([...a.not, ...b.not]),
  );
}

/** What holds where one of them does, whichever. */
export function join(a: Fact, b: Fact): Fact {
  if (a === b) return a;
  const [these, those] = [listed(a), listed(b)];
  if (these !== undefined && those !== undefined) {
    const numbers = [...these, ...those.filter((c) => !these.includes(c))];
    if (numbers.length <= mostAmong) return oneOf(numbers.sort((x, y) => x - y))!;
  }
  const not = [
    ...a.not.filter((c) => !allows(b, c)),
    ...b.not.filter((c) => !a.not.includes(c) && !allows(a, c)),
  ];
  return {
    lo: Math.min(a.lo, b.lo),
    hi: Math.max(a.hi, b.hi),
    zeros: (a.zeros & b.zeros) >>> 0,
    ones: (a.ones & b.ones) >>> 0,
    not: not.length === 0 ? none : latest(not),
    among: undefined,
  };
}

const latest = (not: readonly number[]): readonly number[] =>
  not.length > mostNot ? not.slice(-mostNot) : not;

/** The outcome of a test of two numbers, if what is known of them decides it. */
export function decide(op: TestOp, a: Fact, b: Fact): boolean | undefined {
  if (isExact(b)) {
    if (isExact(a)) return compare(op, a.lo, b.lo);
    if (a.among !== undefined) {
      const first = compare(op, a.among[0]!, b.lo);
      return a.among.every((c) => compare(op, c, b.lo) === first) ? first : undefined;
    }
  }
  switch (op) {
    case '==':
      if (a.hi < b.lo || b.hi < a.lo || (a.ones & b.zeros) !== 0 || (a.zeros & b.ones) !== 0) {
        return false;
      }
      if (isExact(b)) return allows(a, b.lo) ? undefined : false;
      if (isExact(a)) return allows(b, a.lo) ? undefined : false;
      return undefined;
    case '>':
      return a.lo > b.hi ? true : a.hi <= b.lo ? false : undefined;
    case '>=':
      return a.lo >= b.hi ? true : a.hi < b.lo ? false : undefined;
    case '&': {
      if ((a.ones & b.ones) !== 0) return true;
      const possible = ~a.zeros & ~b.zeros;
      if (possible === 0) return false;
      // Something must be set where nothing but zero is excluded.
      if (isExact(b) && (~b.lo & ~a.zeros) === 0 && !allows(a, 0)) return true;
      return undefined;
    }
    default:
      return op satisfies never;
  }
}

/** What is known after a test against a constant; `undefined`: it cannot come out this way. */
export function afterTest(fact: Fact, op: TestOp, c: number, holds: boolean): Fact | undefined {
  if (fact.among !== undefined) {
    return oneOf(fact.among.filter((each) => compare(op, each, c) === holds));
  }
  switch (op) {
    case '==':
      if (holds) return allows(fact, c) ? exactly(c) : undefined;
      if (!allows(fact, c)) return fact;
      return without(fact, c);
    case '>':
    case '>=': {
      const least = op === '>' ? c + 1 : c;
      if (holds && least > max) return undefined;
      if (!holds && least === 0) return undefined;
      return holds
        ? tighten(Math.max(fact.lo, least), fact.hi, fact.zeros, fact.ones, fact.not)
        : tighten(fact.lo, Math.min(fact.hi, least - 1), fact.zeros, fact.ones, fact.not);
    }
    case '&': {
      const open = (c & ~fact.zeros) >>> 0;
      if (!holds) return tighten(fact.lo, fact.hi, (fact.zeros | c) >>> 0, fact.ones, fact.not);
      if (open === 0) return undefined;
      // One bit that can be it is it.
      const single = (open & (open - 1)) === 0;
      return single
        ? tighten(fact.lo, fact.hi, fact.zeros, (fact.ones | open) >>> 0, fact.not)
        : tighten(Math.max(fact.lo, 1), fact.hi, fact.zeros, fact.ones, fact.not);
    }
    default:
      return op satisfies never;
  }
}

/** What is known of a number that is not `c` either. */
function without({ lo, hi, zeros, ones, not }: Fact, c: number): Fact | undefined {
  const kept = not.length < mostNot ? not : not.slice(1);
  const more = [...kept, c];
  if (c === lo || c === hi) return tighten(lo, hi, zeros, ones, more);
  return { lo, hi, zeros, ones, not: more, among: undefined };
}

/** What is known of the result of arithmetic on two numbers that something is known of. */
export function arithFact(op: ArithOp, a: Fact, b: Fact): Fact {
  if (isExact(b)) {
    if (isExact(a)) {
      const result = arith(op, a.lo, b.lo);
      return result === undefined ? anything : exactly(result);
    }
    if (a.among !== undefined && !(b.lo === 0 && (op === '/' || op === '%'))) {
      const results = new Set(a.among.map((c) => arith(op, c, b.lo)!));
      return oneOf([...results].sort((x, y) => x - y))!;
    }
  }
  switch (op) {
    case '+': {
      if (a.hi + b.hi > max) return anything;
      const low = (trailingZeros(a) & trailingZeros(b)) >>> 0;
      return tighten(a.lo + b.lo, a.hi + b.hi, low, 0, none)!;
    }
    case '-':
      return a.lo >= b.hi ? between(a.lo - b.hi, a.hi - b.lo) : anything;
    case '*':
      return a.hi * b.hi <= max ? between(a.lo * b.lo, a.hi * b.hi) : anything;
    case '/':
      return b.hi === 0
        ? anything
        : between(Math.floor(a.lo / b.hi), Math.floor(a.hi / Math.max(b.lo, 1)));
    case '%':
      return b.hi === 0 ? anything : between(0, Math.min(a.hi, b.hi - 1));
    case '&':
      return tighten(
        0,
        Math.min(a.hi, b.hi),
        (a.zeros | b.zeros) >>> 0,
        (a.ones & b.ones) >>> 0,
        none,
      )!;
    case '|':
      return tighten(
        Math.max(a.lo, b.lo),
        max,
        (a.zeros & b.zeros) >>> 0,
        (a.ones | b.ones) >>> 0,
        none,
      )!;
    case '^': {
      const zeros = (a.zeros & b.zeros) | (a.ones & b.ones);
      const ones = (a.zeros & b.ones) | (a.ones & b.zeros);
      return tighten(0, max, zeros >>> 0, ones >>> 0, none)!;
    }
    case '<<':
      if (!isExact(b)) return anything;
      return shifted(a, b.lo);
    case '>>':
      if (!isExact(b)) return between(0, a.hi);
      if (b.lo > 31) return exactly(0);
      return tighten(
        a.lo >>> b.lo,
        a.hi >>> b.lo,
        ((a.zeros >>> b.lo) | ~(max >>> b.lo)) >>> 0,
        a.ones >>> b.lo,
        none,
      )!;
    default:
      return op satisfies never;
  }
}

function shifted(a: Fact, by: number): Fact {
  if (by > 31) return exactly(0);
  const fits = a.hi * 2 ** by <= max;
  const low = (2 ** by - 1) >>> 0;
  return tighten(
    fits ? a.lo * 2 ** by : 0,
    fits ? a.hi * 2 ** by : max,
    ((a.zeros << by) | low) >>> 0,
    (a.ones << by) >>> 0,
    none,
  )!;
}

/** The low bits that are certainly 0, as a mask. */
function trailingZeros({ zeros }: Fact): number {
  const firstOpen = ~zeros & -~zeros;
  return firstOpen === 0 ? max : (firstOpen - 1) >>> 0;
}
