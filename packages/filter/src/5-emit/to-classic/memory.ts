import * as op from '../opcodes.ts';
import { TooManyValues } from '../too-many-values.ts';
import type { Code } from './code.ts';
import { type Expression, none } from './expression-table.ts';
import { wordName } from './registers.ts';
import { allot, type Interval } from './slots.ts';

/** The code with `k` of loads and stores of M[] as it is going to be. */
export interface Placed {
  readonly isLeftOut: Uint8Array;
  readonly k: readonly number[];
  /** Words of M[] that must be 0 in the beginning: they may be loaded when nothing was stored. */
  readonly cleared: readonly number[];
  /** Words of the IR that have been given room. */
  readonly words: readonly number[];
}

/** So many words are looked at together: a bit for each. */
const group = 31;

const isLoad = (code: number): boolean => code === (op.LD | op.MEM) || code === (op.LDX | op.MEM);
const isStore = (code: number): boolean => code === op.ST || code === op.STX;

/**
 * Gives memory to what is loaded from memory: drops the stores that no load wants, and shares
 * words between what is not wanted at the same time. Blocks are in an order in which all edges
 * lead forward, so that "at the same time" is "between the same instructions" in any layout.
 *
 * @param canRecompute may a value be dropped from memory?
 * @returns values for which there is no room, if there are such values
 * @throws TooManyValues where there is none that could be dropped
 */
export function placeInMemory(
  code: Code,
  canRecompute: (value: Expression) => boolean,
): Placed | { readonly tooMany: readonly Expression[] } {
  const isLeftOut = new Uint8Array(code.code.length);
  if (!code.code.some((each) => isStore(each) || isLoad(each))) {
    return { isLeftOut, k: code.k, cleared: [], words: [] };
  }
  const cleared = dropStores(code, isLeftOut);
  const intervals = findIntervals(code, isLeftOut, cleared);
  const tooMany = allot([...intervals.values()], canRecompute);
  if (tooMany === undefined) throw new TooManyValues();
  if (tooMany.length > 0) return { tooMany };
  const k = code.k.map((name, at) =>
    isMemory(code, at) && isLeftOut[at] === 0 ? intervals.get(name)!.slot : name,
  );
  return {
    isLeftOut,
    k,
    cleared: cleared.map((name) => intervals.get(name)!.slot),
    words: [...intervals.keys()].filter((name) => name < 0).map((name) => wordName(name)),
  };
}

const isMemory = ({ code }: Code, at: number): boolean => isLoad(code[at]!) || isStore(code[at]!);

/** From the first instruction that uses it to the last, by the name that `k` has for it. */
function findIntervals(
  code: Code,
  isLeftOut: Uint8Array,
  cleared: readonly number[],
): Map<number, Interval> {
  const intervals = new Map<number, Interval>();
  for (const name of cleared)
    intervals.set(name, { from: none, to: none, value: none, slot: none });
  code.k.forEach((name, at) => {
    if (!isMemory(code, at) || isLeftOut[at] === 1) return;
    const known = intervals.get(name);
    if (known !== undefined) known.to = at;
    else {
      const value = name < 0 ? none : code.copies[name]!.value;
      intervals.set(name, { from: at, to: at, value, slot: none });
    }
  });
  return intervals;
}

/**
 * Leaves out the stores that nobody loads afterwards.
 *
 * @returns the names of words that are loaded where nothing may have been stored
 */
function dropStores(code: Code, isLeftOut: Uint8Array): number[] {
  for (const { at, lastLoad } of code.copies) if (lastLoad === none) isLeftOut[at] = 1;
  const loaded = new Set<number>();
  code.code.forEach((each, at) => {
    if (isLoad(each) && code.k[at]! < 0) loaded.add(code.k[at]!);
  });
  code.code.forEach((each, at) => {
    if (isStore(each) && code.k[at]! < 0 && !loaded.has(code.k[at]!)) isLeftOut[at] = 1;
  });
  const names = [...loaded];
  const cleared: number[] = [];
  for (let first = 0; first < names.length; first += group) {
    cleared.push(...dropDeadStores(code, names.slice(first, first + group), isLeftOut));
  }
  return cleared;
}

/** The same for a group of words that are loaded. */
function dropDeadStores(code: Code, names: readonly number[], isLeftOut: Uint8Array): number[] {
  const bits = new Map(names.map((name, index) => [name, 1 << index]));
  const live = new Int32Array(code.ends.length);
  for (let block = code.ends.length - 1; block >= 0; block--) {
    const end = code.ends[block]!;
    let wanted = 0;
    if (end.kind === 'jump') wanted = live[end.to]!;
    else if (end.kind === 'test') wanted = live[end.yes]! | live[end.no]!;
    for (let at = code.starts[block + 1]! - 1; at >= code.starts[block]!; at--) {
      const bit = isMemory(code, at) ? bits.get(code.k[at]!) : undefined;
      if (bit === undefined) continue;
      if (isLoad(code.code[at]!)) wanted |= bit;
      else if ((wanted & bit) === 0) isLeftOut[at] = 1;
      else wanted &= ~bit;
    }
    live[block] = wanted;
  }
  return names.filter((name) => (live[0]! & bits.get(name)!) !== 0);
}
