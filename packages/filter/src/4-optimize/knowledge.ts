import type { TestOp } from '../ir/types.ts';

/** A test; equal expressions have equal numbers. */
export interface Question {
  readonly op: TestOp;
  readonly left: number;
  readonly right: number;
  /** Whether the right side is a constant: what is one constant is no other. */
  readonly constant: boolean;
}

/** A test and how it came out. */
export interface Fact extends Question {
  readonly holds: boolean;
}

/** What a path through the program has found out, latest first. */
export type Knowledge = readonly Fact[];

export const nothing: Knowledge = [];

/**
 * So many tests of one expression are remembered. In a list of thousands of hosts a path learns
 * thousands of addresses that it is not, none of which is asked for again.
 */
const mostOfOne = 8;

/** Knowledge after one more test. */
export function learn(known: Knowledge, fact: Fact): Knowledge {
  const settled = fact.holds && fact.op === '==';
  let ofThis = 1;
  const kept = known.filter((each) => {
    if (each.left !== fact.left) return true;
    // Knowing what it is, nobody needs to know what it is not.
    if (settled && each.op === '==' && each.constant && fact.constant) return false;
    return ++ofThis <= mostOfOne;
  });
  return [fact, ...kept];
}

/** What two paths both know. */
export function both(a: Knowledge, b: Knowledge): Knowledge {
  return a === b ? a : a.filter((fact) => b.some((other) => isSame(fact, other)));
}

/** The outcome of a test, if it is known. */
export function recall(known: Knowledge, test: Question): boolean | undefined {
  for (const fact of known) {
    if (fact.left !== test.left) continue;
    if (fact.op === test.op && fact.right === test.right) return fact.holds;
    const equal = fact.op === '==' && fact.holds && test.op === '==';
    if (equal && fact.constant && test.constant) return false;
  }
  return undefined;
}

const isSame = (a: Fact, b: Fact): boolean =>
  a === b || (a.left === b.left && a.op === b.op && a.right === b.right && a.holds === b.holds);
