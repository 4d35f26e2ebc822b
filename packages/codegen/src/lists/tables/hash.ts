import {
  bytesOf,
  isSameKey,
  type Key,
  type Multipliers,
  multipliersFor,
  printIsAt,
  printKeys,
  printProduct,
  productOf,
} from './keys.ts';
import { type KeyTable, numberKeys, shifted } from './shift.ts';
import type { Table } from './types.ts';

/** Numbers that take more are as quickly asked for in pairs: see pairedHash. */
const MOST_BYTES_OF_NUMBERS = 2048;

/** Rows have nothing that is as quick. */
const MOST_BYTES = 8192;

/** Multipliers are right with a chance of e^-this at least, so that three thousand are tried. */
const MOST_PAIRS = 8;
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
  const table = hashOfKeys(numberKeys(numbers), MOST_BYTES_OF_NUMBERS);
  return table && shifted(table, shift);
}

/** The same for keys, all of one width. */
export function hashOfKeys(keys: readonly Key[], mostBytes = MOST_BYTES): KeyTable | undefined {
  const pairs = (keys.length * (keys.length - 1)) / 2;
  let bits = 1;
  while (pairs / 2 ** bits > MOST_PAIRS || 2 ** bits < keys.length * 2) bits++;
  for (; (bytesOf(keys) / keys.length) * 2 ** bits <= mostBytes; bits++) {
    const factors = findMultipliers(keys, bits);
    if (factors !== undefined) return table(keys, bits, factors);
  }
  return undefined;
}

function findMultipliers(keys: readonly Key[], bits: number): Multipliers | undefined {
  const taken = new Uint32Array(2 ** bits);
  let tried = 0;
  for (const factors of multipliersFor(keys[0]!.length)) {
    if (++tried > MOST_TRIES) break;
    const free = (key: Key): boolean => {
      const slot = slotOf(key, factors, bits);
      if (taken[slot] === tried) return false;
      taken[slot] = tried;
      return true;
    };
    if (keys.every(free)) return factors;
  }
  return undefined;
}

const slotOf = (key: Key, factors: Multipliers, bits: number): number =>
  productOf(key, factors) >>> (32 - bits);

function table(keys: readonly Key[], bits: number, factors: Multipliers): KeyTable {
  const width = keys[0]!.length;
  const slots = new Array<Key>(2 ** bits).fill(keys[0]!);
  for (const key of keys) slots[slotOf(key, factors, bits)] = key;
  return {
    kind: 'hash',
    bytes: bytesOf(slots),
    has: (key) => isSameKey(slots[slotOf(key, factors, bits)]!, key),
    arrays: (name) => printKeys(name, slots),
    body: (name) => printIsAt(name, `(__u32)(${printProduct(factors)}) >> ${32 - bits}`, width),
  };
}
