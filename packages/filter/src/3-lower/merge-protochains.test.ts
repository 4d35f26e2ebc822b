import { expect, test } from 'vitest';
import type { Predicate } from '../predicate/types.ts';
import { at, ethernet, ipv4, ipv6, lowered, matches, not } from '../testing/lowering.ts';

type Over = readonly ('ip' | 'ip6')[];

const search = (number: number, over: Over = ['ip', 'ip6']): Predicate =>
  at({ kind: 'protochain', number, over });

interface Operand {
  readonly op: 'and' | 'or';
  readonly operand: Predicate;
}

const chain = ([first, ...rest]: readonly Operand[]): Predicate => ({
  kind: 'chain',
  first: first!.operand,
  rest,
});

/** Under two `not`s, a `protochain` is not known for one. */
const oneByOne = (operands: readonly Operand[]): Predicate =>
  chain(operands.map(({ op, operand }) => ({ op, operand: not(not(operand)) })));

/** A generator of numbers below a limit, the same every time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Headers that are looked over, and some that are not. */
const protocols = [0, 43, 44, 51, 60, 0, 43, 44, 51, 60, 6, 17, 58, 59];

function packet(below: (limit: number) => number): number[] {
  const isIpv6 = below(3) > 0;
  const follow = (): number =>
    isIpv6 ? protocols[below(protocols.length)]! : [51, 51, 6][below(3)]!;
  const first = follow();
  let bytes: number[] = [];
  let next = first;
  for (let headers = below(11); headers > 0; headers--) {
    const isAuthentication = next === 51;
    const length = below(2);
    const size = isAuthentication ? (length + 2) * 4 : (length + 1) * 8;
    next = follow();
    bytes = [...bytes, next, length, ...Array<number>(size - 2).fill(0)];
  }
  if (below(2) > 0) bytes.length = below(bytes.length + 1);
  return isIpv6 ? ethernet([0x86dd], ipv6(first, bytes)) : ethernet([0x0800], ipv4(first, bytes));
}

test('in one walk comes out what comes out one by one', () => {
  const below = numbers(1);
  const seen = { matched: 0, not: 0, rejected: 0 };
  for (let round = 0; round < 60; round++) {
    const sameOp = below(2) > 0;
    const negated = below(2) > 0;
    const operands = Array.from({ length: 2 + below(11) }, (): Operand => {
      const number = below(3) > 0 ? protocols[below(protocols.length)]! : below(20);
      const one = search(number, below(12) > 0 ? ['ip', 'ip6'] : ['ip6']);
      const isNot = below(10) > 0 ? negated : !negated;
      const op = sameOp || below(4) > 0 ? 'or' : 'and';
      return { op: negated && sameOp ? 'and' : op, operand: isNot ? not(one) : one };
    });
    const merged = chain(operands);
    const single = oneByOne(operands);
    const programs = [merged, not(merged), single, not(single)].map((each) => lowered(each));
    for (let count = 0; count < 40; count++) {
      const bytes = packet(below);
      const [is, isNot, was, wasNot] = programs.map((program) => matches(program, bytes));
      expect([is, isNot], JSON.stringify({ operands, bytes })).toEqual([was, wasNot]);
      if (is) seen.matched++;
      else if (isNot) seen.not++;
      else seen.rejected++;
    }
  }
  for (const times of Object.values(seen)) expect(times).toBeGreaterThan(100);
});

test('all of more numbers than the bound has headers is never true', () => {
  const operands = Array.from(
    { length: 12 },
    (_, i): Operand => ({ op: 'and', operand: search(i) }),
  );
  const below = numbers(2);
  const programs = [chain(operands), not(chain(operands)), not(oneByOne(operands))];
  const [all, notAll, single] = programs.map((each) => lowered(each));
  for (let count = 0; count < 300; count++) {
    const bytes = packet(below);
    expect(matches(all!, bytes)).toBe(false);
    expect(matches(notAll!, bytes)).toBe(matches(single!, bytes));
  }
});

test('a list of any length is two walks, one for each IP', () => {
  const list = (length: number): number =>
    lowered(
      chain(Array.from({ length }, (_, i): Operand => ({ op: 'or', operand: search(i % 256) }))),
    ).blocks.length;
  expect(list(1000)).toBeLessThanOrEqual(list(20));
  expect(list(20)).toBeLessThan(2 * list(1));
});
