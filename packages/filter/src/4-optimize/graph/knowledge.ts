import type { Expr, Expressions } from './expressions.ts';
import { afterTest, allows, arithFact, exactly, type Fact, isExact, join, meet } from './fact.ts';
import type { Store, Test } from './graph.ts';

/**
 * What a path through the program has found out. Its size is bounded, so that a long program costs
 * no more per block than a short one; what has been of no use for long is forgotten.
 */
export interface Knowledge {
  /** So many bytes from the packet's first on are there: a load inside of them cannot reject. */
  readonly present: number;
  /** The same for loads with an index: `extent` bytes from `index` on are there. */
  readonly presentAt: readonly Presence[];
  /** The latest first, and each expression once. */
  readonly facts: Facts | undefined;
  /** Outcomes of tests that facts cannot hold: between two unknown numbers, for one of several bits. */
  readonly outcomes: readonly Outcome[];
}

interface Presence {
  readonly index: Expr;
  readonly extent: number;
}

/** A list whose end is shared with what was known before. */
interface Facts {
  readonly expr: Expr;
  readonly fact: Fact;
  readonly rest: Facts | undefined;
}

interface Outcome {
  readonly test: Test;
  readonly holds: boolean;
}

export const nothing: Knowledge = { present: 0, presentAt: [], facts: undefined, outcomes: [] };

/** So far into the list is looked; what stands behind is forgotten. */
const mostFacts = 12;
/** What stands before this need not be brought to the front. */
const recentFacts = 4;
const mostPresences = 4;
const mostOutcomes = 4;
/** Expressions are looked into so deep for parts that something is known of. */
const depth = 4;

/** What is known of an expression, from itself and its parts. */
export function factOf(
  known: Knowledge,
  table: Expressions,
  expr: Expr,
  levels: number = depth,
): Fact {
  const base = table.fact(expr);
  if (known.facts === undefined || isExact(base)) return base;
  const fact = ownFact(known, expr) ?? base;
  const expression = table.get(expr);
  if (levels === 0 || expression.kind !== 'arith' || isExact(fact)) return fact;
  const left = factOf(known, table, expression.left, levels - 1);
  const right = factOf(known, table, expression.right, levels - 1);
  if (left === table.fact(expression.left) && right === table.fact(expression.right)) return fact;
  // A contradiction means that no packet comes here; then everything holds.
  return meet(fact, arithFact(expression.op, left, right)) ?? fact;
}

/** What is known of an expression itself, beside what always holds of it. */
export function ownFact({ facts }: Knowledge, expr: Expr): Fact | undefined {
  let each = facts;
  for (let at = 0; each !== undefined && at < mostFacts; at++) {
    if (each.expr === expr) return each.fact;
    each = each.rest;
  }
  return undefined;
}

/** Knowledge in which what is known of an expression, having been of use, is not forgotten soon. */
export function refresh(known: Knowledge, expr: Expr): Knowledge {
  let each = known.facts;
  for (let at = 0; each !== undefined && at < mostFacts; at++) {
    if (each.expr === expr) return at < recentFacts ? known : learn(known, expr, each.fact);
    each = each.rest;
  }
  return known;
}

/** The outcome of such a test, if it has been made before. */
export function recallOutcome(known: Knowledge, test: Test): boolean | undefined {
  for (const { test: each, holds } of known.outcomes) {
    if (each.op === test.op && each.left === test.left && each.right === test.right) return holds;
    // a > b is the contrary of b >= a.
    const contrary =
      each.left === test.right &&
      each.right === test.left &&
      ((each.op === '>' && test.op === '>=') || (each.op === '>=' && test.op === '>'));
    if (contrary) return !holds;
  }
  return undefined;
}

/** Has a check (a load or a division) certainly come out well? */
export function isChecked(known: Knowledge, table: Expressions, check: Expr): boolean {
  const expression = table.get(check);
  if (expression.kind === 'arith') return !allows(factOf(known, table, expression.right), 0);
  if (expression.kind !== 'load') return true;
  const { index } = expression;
  const extent = expression.offset + expression.size;
  if (index === undefined) return extent <= known.present;
  if (known.presentAt.some((each) => each.index === index && extent <= each.extent)) return true;
  return factOf(known, table, index).hi + extent <= known.present;
}

/** Knowledge after a check that came out well. */
export function afterCheck(known: Knowledge, table: Expressions, check: Expr): Knowledge {
  if (isChecked(known, table, check)) return known;
  const expression = table.get(check);
  if (expression.kind === 'arith') {
    const divisor = afterTest(factOf(known, table, expression.right), '==', 0, false);
    return divisor === undefined ? known : learn(known, expression.right, divisor);
  }
  if (expression.kind !== 'load') return known;
  const { index } = expression;
  const extent = expression.offset + expression.size;
  if (index === undefined) {
    const { presentAt, facts, outcomes } = known;
    return { present: extent, presentAt, facts, outcomes };
  }
  const present = Math.max(known.present, factOf(known, table, index).lo + extent);
  const others = known.presentAt.filter((each) => each.index !== index);
  return {
    ...known,
    present,
    presentAt: [{ index, extent }, ...others.slice(0, mostPresences - 1)],
  };
}

/** Knowledge after a store: what is known of the value is known of the word. */
export function afterStore(known: Knowledge, table: Expressions, store: Store): Knowledge {
  return learn(known, table.word(store.word), factOf(known, table, store.value));
}

/** Knowledge after a test; `undefined` if it cannot come out this way. */
export function afterOutcome(
  known: Knowledge,
  table: Expressions,
  test: Test,
  holds: boolean,
): Knowledge | undefined {
  const { op, left, right } = test;
  const c = table.constant(right);
  if (c !== undefined) {
    const fact = afterTest(factOf(known, table, left), op, c, holds);
    if (fact === undefined) return undefined;
    const learned = learnOfParts(learn(known, left, fact), table, left, fact, depth);
    // That one of several bits is set is nothing that a fact can say.
    return op === '&' && holds && (c & (c - 1)) !== 0 ? remember(learned, test, holds) : learned;
  }
  const remembered = remember(known, test, holds);
  if (op !== '==' || !holds) return remembered;
  const both = meet(factOf(known, table, left), factOf(known, table, right));
  return both && learn(learn(remembered, left, both), right, both);
}

function remember(known: Knowledge, test: Test, holds: boolean): Knowledge {
  const { present, presentAt, facts, outcomes } = known;
  return {
    present,
    presentAt,
    facts,
    outcomes: [{ test, holds }, ...outcomes.slice(0, mostOutcomes - 1)],
  };
}

/** Knowledge with a fact in place of what was known of the expression. */
function learn(
  { present, presentAt, facts, outcomes }: Knowledge,
  expr: Expr,
  fact: Fact,
): Knowledge {
  return { present, presentAt, facts: withFact(facts, expr, fact), outcomes };
}

function withFact(facts: Facts | undefined, expr: Expr, fact: Fact): Facts {
  let same = facts;
  let before = 0;
  while (same !== undefined && same.expr !== expr && before < mostFacts) {
    same = same.rest;
    before++;
  }
  if (same === undefined || before === mostFacts) return { expr, fact, rest: facts };
  // The list without the old fact: what stood before it is copied.
  return { expr, fact, rest: before === 0 ? same.rest : without(facts!, same) };
}

function without(facts: Facts, one: Facts): Facts | undefined {
  if (facts === one) return one.rest;
  return { expr: facts.expr, fact: facts.fact, rest: without(facts.rest!, one) };
}

/** What a fact of an expression says of what it is computed from. */
function learnOfParts(
  known: Knowledge,
  table: Expressions,
  expr: Expr,
  fact: Fact,
  levels: number,
): Knowledge {
  const expression = table.get(expr);
  if (expression.kind !== 'arith' || levels === 0) return known;
  const c = table.constant(expression.right);
  if (c === undefined) return known;
  const part = expression.left;
  const before = factOf(known, table, part);
  const told = partFact(expression.op, fact, c, before);
  const after = told && meet(before, told);
  if (after === undefined || isSame(before, after)) return known;
  return learnOfParts(learn(known, part, after), table, part, after, levels - 1);
}

/** What `x op c` says of `x`, of which `before` is known. */
function partFact(
  op: string,
  { lo, hi, zeros, ones }: Fact,
  c: number,
  before: Fact,
): Fact | undefined {
  const any = { lo: 0, hi: 0xffffffff, zeros: 0, ones: 0, not: [], among: undefined };
  switch (op) {
    case '&':
      return { ...any, lo, zeros: (zeros & c) >>> 0, ones: (ones & c) >>> 0 };
    case '|':
      return { ...any, hi, zeros, ones: (ones & ~c) >>> 0 };
    case '^':
      return {
        ...any,
        zeros: ((zeros & ~c) | (ones & c)) >>> 0,
        ones: ((ones & ~c) | (zeros & c)) >>> 0,
      };
    case '+':
      if (lo === hi) return exactly((lo - c) >>> 0);
      return before.hi + c <= 0xffffffff
        ? { ...any, lo: Math.max(0, lo - c), hi: Math.max(0, hi - c) }
        : undefined;
    case '>>':
      return {
        ...any,
        lo: lo * 2 ** c,
        hi: Math.min(0xffffffff, hi * 2 ** c + 2 ** c - 1),
        zeros: (zeros << c) >>> 0,
        ones: (ones << c) >>> 0,
      };
    case '<<':
      return before.hi * 2 ** c <= 0xffffffff
        ? { ...any, lo: Math.ceil(lo / 2 ** c), hi: hi >>> c }
        : { ...any, zeros: zeros >>> c, ones: ones >>> c };
    default:
      return undefined;
  }
}

const isSame = (a: Fact, b: Fact): boolean =>
  a === b ||
  (a.lo === b.lo &&
    a.hi === b.hi &&
    a.zeros === b.zeros &&
    a.ones === b.ones &&
    a.not.length === b.not.length &&
    a.among === b.among);

/** What is known where two paths meet, whichever was taken. */
export function both(a: Knowledge, b: Knowledge, table: Expressions): Knowledge {
  if (a === b) return a;
  return {
    present: Math.min(a.present, b.present),
    presentAt: a.presentAt === b.presentAt ? a.presentAt : bothPresent(a, b, table),
    facts: a.facts === b.facts ? a.facts : bothFacts(a, b, table),
    outcomes: a.outcomes === b.outcomes ? a.outcomes : bothOutcomes(a.outcomes, b.outcomes),
  };
}

function bothPresent(a: Knowledge, b: Knowledge, table: Expressions): Presence[] {
  const met: Presence[] = [];
  for (const { index, extent } of a.presentAt) {
    const other = b.presentAt.find((each) => each.index === index);
    const there = other?.extent ?? b.present - factOf(b, table, index).hi;
    if (there > 0) met.push({ index, extent: Math.min(extent, there) });
  }
  return met;
}

const bothOutcomes = (a: readonly Outcome[], b: readonly Outcome[]): readonly Outcome[] =>
  a.filter((each) =>
    b.some((other) => other.holds === each.holds && isSameTest(other.test, each.test)),
  );

const isSameTest = (a: Test, b: Test): boolean =>
  a.op === b.op && a.left === b.left && a.right === b.right;

function bothFacts(a: Knowledge, b: Knowledge, table: Expressions): Facts | undefined {
  const shared = commonEnd(a.facts, b.facts);
  let facts = shared;
  const meet = (from: Knowledge, other: Knowledge): void => {
    let each = from.facts;
    for (let at = 0; each !== shared && each !== undefined && at < mostFacts; at++) {
      const { expr, fact } = each;
      each = each.rest;
      if (from === b && isBefore(a.facts, shared, expr)) continue;
      const met = joined(other, table, expr, fact);
      if (met !== undefined) facts = { expr, fact: met, rest: facts };
    }
  };
  meet(a, b);
  meet(b, a);
  return facts;
}

/** The part that two lists have in common, as far as they are looked at. */
function commonEnd(a: Facts | undefined, b: Facts | undefined): Facts | undefined {
  let one = a;
  for (let i = 0; one !== undefined && i < mostFacts; i++) {
    let other = b;
    for (let j = 0; other !== undefined && j < mostFacts; j++) {
      if (one === other) return one;
      other = other.rest;
    }
    one = one.rest;
  }
  return undefined;
}

function isBefore(facts: Facts | undefined, end: Facts | undefined, expr: Expr): boolean {
  let each = facts;
  for (let at = 0; each !== end && each !== undefined && at < mostFacts; at++) {
    if (each.expr === expr) return true;
    each = each.rest;
  }
  return false;
}

/** What one path knows of an expression together with what another does, if that is anything. */
function joined(other: Knowledge, table: Expressions, expr: Expr, fact: Fact): Fact | undefined {
  const base = table.fact(expr);
  const there = factOf(other, table, expr);
  if (isSame(there, base)) return undefined;
  const met = join(fact, there);
  return isSame(met, base) ? undefined : met;
}
