import type { BlockId, ValueId } from '@hookdump/filter';
import { isPure, type ListProgram } from './graph.ts';
import { subtract, unite } from './intervals.ts';
import { questionOf } from './question.ts';
import type { Interval } from './types.ts';

/**
 * Blocks with one way in, which do nothing but ask for one value, and two ways out. Whatever order
 * and nesting they have, they tell whether the value is in a set of intervals.
 */
export interface Region {
  readonly head: BlockId;
  /** `undefined` for a test that is not about intervals: it is a region of its own. */
  readonly value: ValueId | undefined;
  readonly most: number;
  /** How many blocks it has. */
  readonly tests: number;
  /** First match counts; where there is none, the other exit is taken. */
  readonly rules: Rules;
  /** Whether no rule leads to the first exit. */
  readonly isPlain: boolean;
  /** The first is where rules lead that are none; with the number of edges that lead there. */
  readonly exits: readonly [otherwise: Exit, other: Exit];
}

interface Exit {
  readonly to: BlockId;
  readonly edges: number;
}

/** A list that two lists are joined to in no time. */
type Rules = Rule | { readonly kind: 'join'; readonly first: Rules; readonly second: Rules };

interface Rule {
  readonly kind: 'rule';
  readonly holds: readonly Interval[];
  readonly to: BlockId;
}

/**
 * The regions of a program that lie in no larger one, by their heads. One pass from the end: behind
 * each test stand the regions that it may become part of.
 */
export function findRegions(
  program: ListProgram,
  entries: ReadonlyMap<BlockId, number>,
): ReadonlyMap<BlockId, Region> {
  const regions = new Map<BlockId, Region>();
  for (const id of [...program.blocks.keys()].reverse()) {
    const single = regionOf(program, id);
    if (single === undefined) continue;
    let region = single;
    for (let next = absorb(region); next !== undefined; next = absorb(region)) region = next;
    regions.set(id, region);
  }
  return regions;

  /** Takes in the smaller region behind one of the exits, if it has no other way in. */
  function absorb(region: Region): Region | undefined {
    if (region.value === undefined) return undefined;
    const behind = region.exits
      .filter(({ to, edges }) => edges === entries.get(to))
      .map(({ to }) => regions.get(to))
      .filter((each) => each?.value === region.value)
      .filter((each) => each !== undefined)
      .filter((each) => isPure(program, each.head))
      .sort((a, b) => a.tests - b.tests);
    for (const each of behind) {
      const joined = join(region, each);
      if (joined === undefined) continue;
      regions.delete(each.head);
      return joined;
    }
    return undefined;
  }
}

function regionOf(program: ListProgram, id: BlockId): Region | undefined {
  const { end } = program.blocks.get(id)!;
  if (end.kind !== 'branch') return undefined;
  const question = questionOf(end.test, program);
  return {
    head: id,
    value: question?.value,
    most: question?.most ?? 0,
    tests: 1,
    rules: { kind: 'rule', holds: question?.holds ? [question.holds] : [], to: end.yes },
    isPlain: true,
    exits: [
      { to: end.no, edges: 1 },
      { to: end.yes, edges: 1 },
    ],
  };
}

/** A region with the one behind one of its exits; `undefined` if there are more ways out than two. */
function join(region: Region, behind: Region): Region | undefined {
  const exits = new Map<BlockId, number>();
  for (const { to, edges } of [...region.exits, ...behind.exits]) {
    if (to !== behind.head) exits.set(to, (exits.get(to) ?? 0) + edges);
  }
  if (exits.size !== 2) return undefined;
  // What is not decided here must be what is left to the region behind.
  const [otherwise, other] = region.exits;
  const isLeft = otherwise.to === behind.head;
  const left = isLeft ? other.to : otherwise.to;
  const first: Rules =
    isLeft && region.isPlain
      ? region.rules
      : { kind: 'rule', holds: isLeft ? inside(region) : outside(region), to: left };
  const last = behind.exits[0].to;
  const [second] = [...exits.keys()].filter((to) => to !== last);
  return {
    ...region,
    tests: region.tests + behind.tests,
    rules: { kind: 'join', first, second: behind.rules },
    isPlain: behind.isPlain && left === second && behind.exits[1].to === second,
    exits: [
      { to: last, edges: exits.get(last)! },
      { to: second!, edges: exits.get(second!)! },
    ],
  };
}

/** The numbers with which a region is left for an exit. */
export function numbersFor(region: Region, exit: BlockId): readonly Interval[] {
  return exit === region.exits[1].to ? inside(region) : outside(region);
}

function outside(region: Region): readonly Interval[] {
  return subtract([[0, region.most]], inside(region));
}

/** The numbers for which the exit is taken that is not the last resort. */
function inside({ rules, exits }: Region): readonly Interval[] {
  const other = exits[1].to;
  let numbers: readonly Interval[] = [];
  // From the last rule on; runs of rules for one exit at once.
  const run: Interval[] = [];
  let to = other;
  const settle = (): void => {
    const holds = unite(run.splice(0));
    numbers = to === other ? unite([...numbers, ...holds]) : subtract(numbers, holds);
  };
  const work: Rules[] = [rules];
  for (let rule = work.pop(); rule !== undefined; rule = work.pop()) {
    if (rule.kind === 'join') work.push(rule.first, rule.second);
    else {
      if (rule.to !== to) settle();
      to = rule.to;
      for (const each of rule.holds) run.push(each);
    }
  }
  settle();
  return numbers;
}
