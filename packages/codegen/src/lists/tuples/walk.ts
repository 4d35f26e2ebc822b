import type { BlockId } from '@hookdump/filter';
import { digest } from '../list.ts';
import type { Expressions } from './expressions.ts';
import type { TupleRegion } from './region.ts';
import type { Expression, PlainTest, Walk, WalkTest } from './types.ts';

/** Behind the last test. */
export const NO = 0;
export const YES = 1;
/** A load beyond the packet's end. */
export const ENDED = 2;

/**
 * @param exit where the region is left by packets for which the walk's answer is yes
 * @returns with what the walk is given, as expressions of the region
 */
export function walkOf(
  { steps, expressions }: TupleRegion,
  exit: BlockId,
): { readonly walk: Walk; readonly given: readonly number[] } {
  const used = usedBy(
    steps.flatMap(({ question, loads }) => [question.test.expression, ...loads]),
    expressions,
  );
  const places = new Map(used.map((number, index) => [number, index]));
  const questions: Pick<PlainTest, 'expression' | 'op'>[] = [];
  const byKey = new Map<string, number>();
  const questionFor = (number: number, op: PlainTest['op']): number => {
    const key = `${number}${op}`;
    const known = byKey.get(key);
    if (known !== undefined) return known;
    byKey.set(key, questions.length);
    return questions.push({ expression: places.get(number)!, op }) - 1;
  };

  const count = steps.reduce((sum, { loads }) => sum + 1 + loads.length, 0);
  const starts = new Map<BlockId, number>();
  let next = 0;
  for (const { block, loads } of steps) {
    starts.set(block, next);
    next += 1 + loads.length;
  }
  const placeOf = (block: BlockId): number =>
    starts.get(block) ?? count + (block === exit ? YES : NO);
  const tests = steps.flatMap(({ block, question, pass, fail, loads }): WalkTest[] => {
    const { expression, op, number } = question.test;
    const before = loads.map((load, index): WalkTest => {
      const onward = starts.get(block)! + index + 1;
      return { question: questionFor(load, '>='), number: 0, yes: onward, no: onward };
    });
    const test = { question: questionFor(expression, op), number };
    return [...before, { ...test, yes: placeOf(pass), no: placeOf(fail) }];
  });
  const own = used.map((number) => renumbered(expressions.all[number]!.expression, places));
  const given = used.filter((number) => expressions.all[number]!.expression.kind === 'given');
  const walk = {
    expressions: own,
    given: given.map((number) => places.get(number)!),
    questions,
    tests,
  };
  const name = digest([
    ...own.flatMap((each) => [...describe(each)].map((letter) => letter.charCodeAt(0))),
    ...questions.flatMap(({ expression, op }) => [expression, op === '==' ? 0 : 1]),
    ...tests.flatMap(({ question, number, yes, no }) => [question, number, yes, no]),
  ]);
  return { walk: { name: `tests_${name}`, ...walk }, given };
}

function usedBy(numbers: readonly number[], { all }: Expressions): readonly number[] {
  const used = new Set<number>();
  const visit = (number: number): void => {
    if (used.has(number)) return;
    const { expression } = all[number]!;
    if (expression.kind === 'load' && expression.index !== undefined) visit(expression.index);
    if (expression.kind === 'arith') {
      visit(expression.left);
      visit(expression.right);
    }
    used.add(number);
  };
  for (const number of numbers) visit(number);
  return [...used];
}

function renumbered(expression: Expression, places: ReadonlyMap<number, number>): Expression {
  const place = (number: number): number => places.get(number)!;
  if (expression.kind === 'load' && expression.index !== undefined) {
    return { ...expression, index: place(expression.index) };
  }
  if (expression.kind !== 'arith') return expression;
  return { ...expression, left: place(expression.left), right: place(expression.right) };
}

/** What is given may differ: it is an argument. */
const describe = (expression: Expression): string =>
  expression.kind === 'given' ? 'given' : JSON.stringify(expression);
