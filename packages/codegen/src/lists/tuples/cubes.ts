import type { BlockId } from '@hookdump/filter';
import type { Condition } from './question.ts';
import type { Step, TupleRegion } from './region.ts';

/** Conditions on different fields, by field: what holds of a packet that one entry of a list asks for. */
export type Cube = ReadonlyMap<string, Condition>;

/** Entries of more conditions than this are none of a list. */
const MOST_CONDITIONS = 12;

/** What may hold in a block by more ways than this is not told apart, nor where more edges lead to. */
const MOST_WAYS = 16;
const MOST_EDGES = 32;

/** Conditions that hold in a block by one way to it: its own and those of the list behind. */
interface Holding {
  readonly condition: Condition;
  readonly behind: Holding | undefined;
  readonly count: number;
}

/**
 * The cubes such that a region is left for an exit exactly if one of them holds; `undefined` if it
 * is not seen to be so.
 */
export function cubesOf(region: TupleRegion, exit: BlockId): readonly Cube[] | undefined {
  const candidates = candidatesFor(region, exit);
  if (candidates === undefined) return undefined;
  const cubes = [...new Map(candidates.map((cube) => [keyOf(cube), cube])).values()];
  return allLeadTo(region, exit, cubes) ? cubes : undefined;
}

const keyOf = (cube: Cube): string =>
  [...cube.values()]
    .map(({ field, mask, number }) => `${field}&${mask}=${number}`)
    .sort()
    .join();

/**
 * For each edge to the exit what its way asks for. Every packet that leaves the region there is in
 * one of these; there may be others in them, since what a way asks not to hold is left out.
 */
function candidatesFor({ steps }: TupleRegion, exit: BlockId): readonly Cube[] | undefined {
  const above = dominators(steps);
  const edges = edgesTo(steps);
  /** By block: one of these holds there, each by some ways that lead to it. */
  const holding = new Map<BlockId, readonly (Holding | undefined)[]>([
    [steps[0]!.block, [undefined]],
  ]);
  const behind = (step: Step, to: BlockId): readonly (Holding | undefined)[] => {
    const known = holding.get(step.block)!;
    if (step.pass === step.fail) return known;
    const condition = learned(step, to);
    return condition === undefined
      ? known.filter((each) => !implies(each, step.question.condition))
      : known.filter((each) => agrees(each, condition)).map((each) => add(each, condition));
  };
  const cubes: Cube[] = [];
  for (const step of steps) {
    const { block } = step;
    if (!holding.has(block)) {
      const before = edges.get(block)!;
      const ways =
        before.length > MOST_EDGES ? [] : general(before.flatMap((each) => behind(each, block)));
      const isTold = ways.length > 0 && ways.length <= MOST_WAYS;
      holding.set(block, isTold ? ways : holding.get(above.get(block)!)!);
    }
    if (holding.get(block)!.some((each) => (each?.count ?? 0) > MOST_CONDITIONS)) return undefined;
    if (step.pass !== exit && step.fail !== exit) continue;
    for (const each of behind(step, exit)) cubes.push(cubeFrom(each));
  }
  return cubes;
}

/** Those of which no other is a part: `a` and `a and b` are `a`. */
function general(ways: readonly (Holding | undefined)[]): readonly (Holding | undefined)[] {
  const kept: (Holding | undefined)[] = [];
  for (const way of [...ways].sort((a, b) => (a?.count ?? 0) - (b?.count ?? 0))) {
    if (!kept.some((each) => impliesAll(way, each))) kept.push(way);
  }
  return kept;
}

function impliesAll(way: Holding | undefined, other: Holding | undefined): boolean {
  for (let each = other; each !== undefined; each = each.behind) {
    if (!implies(way, each.condition)) return false;
  }
  return true;
}

function edgesTo(steps: readonly Step[]): ReadonlyMap<BlockId, readonly Step[]> {
  const edges = new Map<BlockId, Step[]>();
  for (const step of steps) {
    for (const to of new Set([step.pass, step.fail])) {
      const known = edges.get(to);
      if (known === undefined) edges.set(to, [step]);
      else known.push(step);
    }
  }
  return edges;
}

/** What is known where a step leads to; what fails is worth knowing only of a single bit. */
function learned({ question, pass }: Step, to: BlockId): Condition | undefined {
  const { condition } = question;
  if (pass === to) return condition;
  const { mask, number } = condition;
  const isBit = (mask & (mask - 1)) === 0;
  return isBit ? { ...condition, number: (number ^ mask) >>> 0 } : undefined;
}

const add = (behind: Holding | undefined, condition: Condition): Holding | undefined =>
  implies(behind, condition) ? behind : { condition, behind, count: 1 + (behind?.count ?? 0) };

/** Whether a packet can have both. */
function agrees(holding: Holding | undefined, { field, mask, number }: Condition): boolean {
  for (let each = holding; each !== undefined; each = each.behind) {
    const { condition } = each;
    if (condition.field !== field) continue;
    if (((condition.number ^ number) & condition.mask & mask) !== 0) return false;
  }
  return true;
}

/** Whether only packets of a condition have it. */
function implies(holding: Holding | undefined, { field, mask, number }: Condition): boolean {
  for (let each = holding; each !== undefined; each = each.behind) {
    const { condition } = each;
    if (condition.field !== field || (mask & ~condition.mask) !== 0) continue;
    if (((condition.number ^ number) & mask) === 0) return true;
  }
  return false;
}

function cubeFrom(holding: Holding | undefined): Cube {
  const cube = new Map<string, Condition>();
  for (let each = holding; each !== undefined; each = each.behind) {
    const { field, mask, number } = each.condition;
    const known = cube.get(field);
    cube.set(field, {
      field,
      mask: (mask | (known?.mask ?? 0)) >>> 0,
      number: (number | (known?.number ?? 0)) >>> 0,
    });
  }
  return cube;
}

/** By block of a region: the last block that all ways to it pass. */
function dominators(steps: readonly Step[]): ReadonlyMap<BlockId, BlockId> {
  const above = new Map<BlockId, BlockId>();
  const own = new Set(steps.map(({ block }) => block));
  const depth = new Map<BlockId, number>([[steps[0]!.block, 0]]);
  for (const { block, pass, fail } of steps) {
    const here = depth.get(block)!;
    for (const to of [pass, fail]) {
      if (!own.has(to)) continue;
      const known = above.get(to);
      let one = block;
      if (known !== undefined) {
        let other = known;
        while (one !== other) {
          if (depth.get(one)! < depth.get(other)!) other = above.get(other)!;
          else one = above.get(one)!;
        }
      }
      above.set(to, one);
      depth.set(to, known === undefined ? here + 1 : depth.get(one)! + 1);
    }
  }
  return above;
}

/**
 * Whether every packet of every cube leaves by the exit. All cubes walk at once, a bit for each: a
 * cube goes both ways at a test that it says nothing of.
 */
function allLeadTo({ steps }: TupleRegion, exit: BlockId, cubes: readonly Cube[]): boolean {
  const words = Math.ceil(cubes.length / 32);
  const all = new Uint32Array(words);
  for (let index = 0; index < cubes.length; index++) set(all, index);
  const arriving = new Map<BlockId, Uint32Array>([[steps[0]!.block, all]]);
  const answers = new Answers(cubes);
  for (const { block, question, pass, fail } of steps) {
    const here = arriving.get(block);
    arriving.delete(block);
    if (here === undefined) continue;
    if (pass === fail) {
      arrive(pass, here);
      continue;
    }
    const { unknown, holding } = answers.of(question.condition);
    const passing = unknown.map((bits, at) => bits & here[at]!);
    for (const index of holding) {
      if (!has(here, index)) continue;
      set(passing, index);
      here[index >>> 5]! &= ~(1 << (index & 31));
    }
    arrive(pass, passing);
    arrive(fail, here);
  }
  return [...arriving].every(([to, bits]) => to === exit || bits.every((each) => each === 0));

  function arrive(to: BlockId, bits: Uint32Array): void {
    const known = arriving.get(to);
    if (known === undefined) arriving.set(to, bits);
    else for (let at = 0; at < words; at++) known[at]! |= bits[at]!;
  }
}

const set = (bits: Uint32Array, index: number): void => {
  bits[index >>> 5]! |= 1 << (index & 31);
};
const has = (bits: Uint32Array, index: number): boolean =>
  ((bits[index >>> 5]! >>> (index & 31)) & 1) === 1;

/** What cubes say to conditions. */
class Answers {
  readonly #cubes: readonly Cube[];
  readonly #tables = new Map<string, { unknown: Uint32Array; byNumber: Map<number, number[]> }>();

  constructor(cubes: readonly Cube[]) {
    this.#cubes = cubes;
  }

  /** Of all other cubes the condition does not hold. */
  of({ field, mask, number }: Condition): {
    readonly unknown: Uint32Array;
    readonly holding: readonly number[];
  } {
    const key = `${field}&${mask}`;
    const table = this.#tables.get(key) ?? this.#make(field, mask);
    this.#tables.set(key, table);
    return { unknown: table.unknown, holding: table.byNumber.get(number) ?? [] };
  }

  #make(field: string, mask: number): { unknown: Uint32Array; byNumber: Map<number, number[]> } {
    const unknown = new Uint32Array(Math.ceil(this.#cubes.length / 32));
    const byNumber = new Map<number, number[]>();
    this.#cubes.forEach((cube, index) => {
      const known = cube.get(field);
      if (known === undefined || (mask & ~known.mask) !== 0) set(unknown, index);
      else {
        const number = (known.number & mask) >>> 0;
        const others = byNumber.get(number);
        if (others === undefined) byNumber.set(number, [index]);
        else others.push(index);
      }
    });
    return { unknown, byNumber };
  }
}
