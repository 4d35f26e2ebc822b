import { multipliers } from './random.ts';
import { hex, printArray, typeFor } from './text.ts';
import type { Table } from './types.ts';

/** Such a table must fit into the fastest cache beside other things. */
const MOST_BYTES = 8192;

/** A multiplier is right with a chance of e^-this at least, so that some thousand are tried. */
const MOST_PAIRS = 10;
const MOST_TRIES = 200_000;

/**
 * A table in which a multiplication gives each number a slot of its own, found by trying
 * multipliers. A slot without a number of its own holds one that has another slot, so that
 * comparing suffices: 0 is a number like any other.
 *
 * @param numbers without doubles, at least one
 * @param shift numbers are compared with the value without its so many lowest bits
 * @returns `undefined` if it would take too much memory
 */
export function hash(numbers: readonly number[], shift = 0): Table | undefined {
  const { bytes } = typeFor(numbers.reduce((a, b) => Math.max(a, b), 0));
  const pairs = (numbers.length * (numbers.length - 1)) / 2;
  let bits = 1;
  while (pairs / 2 ** bits > MOST_PAIRS || 2 ** bits < numbers.length * 2) bits++;
  for (; bytes * 2 ** bits <= MOST_BYTES; bits++) {
    const multiplier = findMultiplier(numbers, bits);
    if (multiplier !== undefined) return table(numbers, bits, multiplier, shift);
  }
  return undefined;
}

function findMultiplier(numbers: readonly number[], bits: number): number | undefined {
  const taken = new Uint32Array(2 ** bits);
  let tried = 0;
  for (const multiplier of multipliers()) {
    if (++tried > MOST_TRIES) break;
    const free = (number: number): boolean => {
      const slot = slotOf(number, multiplier, bits);
      if (taken[slot] === tried) return false;
      taken[slot] = tried;
      return true;
    };
    if (numbers.every(free)) return multiplier;
  }
  return undefined;
}

const slotOf = (number: number, multiplier: number, bits: number): number =>
  Math.imul(number, multiplier) >>> (32 - bits);

function table(numbers: readonly number[], bits: number, multiplier: number, shift: number): Table {
  const slots = new Uint32Array(2 ** bits).fill(numbers[0]!);
  for (const number of numbers) slots[slotOf(number, multiplier, bits)] = number;
  const { bytes } = typeFor(slots.reduce((a, b) => Math.max(a, b), 0));
  return {
    kind: 'hash',
    bytes: bytes * slots.length,
    has: (value) => slots[slotOf(value >>> shift, multiplier, bits)] === value >>> shift,
    arrays: (name) => printArray(`${name}_numbers`, slots),
    body: (name) => [
      ...(shift === 0 ? [] : [`value >>= ${shift};`]),
      `return ${name}_numbers[(__u32)(value * ${hex(multiplier)}) >> ${32 - bits}] == value;`,
    ],
  };
}
