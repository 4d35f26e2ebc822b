import type { Interval } from '../types.ts';

/** Numbers of which each stands for all values that are equal to it without their lowest bits. */
export interface Prefixes {
  /** How many of the lowest bits are left out. */
  readonly shift: number;
  readonly numbers: readonly number[];
}

/** So many times as many entries as there were may be made to save a table. */
const MOST_GROWTH = 4;

/** A small table may grow this far in any case. */
const FEW_NUMBERS = 256;

/** An interval of more blocks than this is better asked for by its ends. */
const MOST_BLOCKS = 8;

/**
 * Cuts intervals into prefixes, as networks are: `10.1.0.0/16` is one of 16 bits. Prefixes of
 * several lengths have one length after this where that takes few: a network is then as many
 * numbers as it has addresses, or networks of the shorter length.
 */
export function prefixesOf(intervals: readonly Interval[]): {
  readonly groups: readonly Prefixes[];
  readonly rest: readonly Interval[];
} {
  const rest: Interval[] = [];
  const byShift = new Map<number, number[]>();
  for (const interval of intervals) {
    const blocks = cut(interval);
    if (blocks.length > MOST_BLOCKS) rest.push(interval);
    else {
      for (const { shift, number } of blocks) {
        const known = byShift.get(shift);
        if (known === undefined) byShift.set(shift, [number]);
        else known.push(number);
      }
    }
  }
  const groups: (Prefixes & { readonly cut: number })[] = [];
  for (const [shift, numbers] of [...byShift].sort((a, b) => a[0] - b[0])) {
    const finer = groups[groups.length - 1];
    const cut = (finer?.cut ?? 0) + numbers.length;
    const merged =
      finer && merge(finer, { shift, numbers }, Math.max(FEW_NUMBERS, MOST_GROWTH * cut));
    if (merged === undefined) groups.push({ shift, numbers, cut: numbers.length });
    else groups[groups.length - 1] = { ...merged, cut };
  }
  return { groups, rest };
}

/** The prefixes that an interval consists of, as few as there can be. */
function cut([first, last]: Interval): readonly { shift: number; number: number }[] {
  const blocks: { shift: number; number: number }[] = [];
  for (let from = first; from <= last; ) {
    let shift = 0;
    while (shift < 31 && from % 2 ** (shift + 1) === 0 && from + 2 ** (shift + 1) - 1 <= last) {
      shift++;
    }
    blocks.push({ shift, number: Math.floor(from / 2 ** shift) });
    from += 2 ** shift;
  }
  return blocks;
}

/** The prefixes of two lengths, all with the longer one; `undefined` if these are too many. */
function merge(finer: Prefixes, coarser: Prefixes, most: number): Prefixes | undefined {
  const each = 2 ** (coarser.shift - finer.shift);
  if (finer.numbers.length + coarser.numbers.length * each > most) return undefined;
  return {
    shift: finer.shift,
    numbers: [
      ...finer.numbers,
      ...coarser.numbers.flatMap((number) =>
        Array.from({ length: each }, (_, index) => number * each + index),
      ),
    ],
  };
}
