import { countNumbers } from '../intervals.ts';
import type { Interval } from '../types.ts';
import { bits, bytesOfBits } from './bits.ts';
import { comparisons } from './comparisons.ts';
import { hash, hashOfKeys } from './hash.ts';
import type { Key } from './keys.ts';
import { pairedHash } from './paired-hash.ts';
import { prefixesOf } from './prefixes.ts';
import { search } from './search.ts';
import { several } from './several.ts';
import type { KeyTable } from './shift.ts';
import { twoLevelHash, twoLevelHashOfKeys } from './two-level-hash.ts';
import type { Table } from './types.ts';

/** So many comparisons cost no more than looking into a table. */
const FEW_INTERVALS = 3;

/** A bit for each number is always good where it takes no more than this. */
const FEW_BYTES = 512;

/** Where all 16-bit numbers have their bits. */
const MOST_BYTES_OF_BITS = 8192;

/** So many hash tables are as quick as one search. */
const MOST_HASHES = 3;

/** The quickest table for a list, of tables that are small enough. */
export function tableFor(intervals: readonly Interval[]): Table {
  if (intervals.length <= FEW_INTERVALS) return comparisons(intervals);
  const bytes = bytesOfBits(intervals);
  if (bytes <= FEW_BYTES) return bits(intervals);
  if (bytes <= MOST_BYTES_OF_BITS && bytes <= bytesOfHash(intervals)) return bits(intervals);
  return hashes(intervals) ?? search(intervals);
}

/** The quickest table for rows of numbers, all of one width. */
export function tableForKeys(keys: readonly Key[]): KeyTable {
  return hashOfKeys(keys) ?? twoLevelHashOfKeys(keys);
}

/** A hash table of numbers alone has about so many bytes. */
function bytesOfHash(intervals: readonly Interval[]): number {
  return 8 * countNumbers(intervals);
}

/** A hash table for each length of prefixes, with comparisons for what they do not hold. */
function hashes(intervals: readonly Interval[]): Table | undefined {
  const { groups, rest } = prefixesOf(intervals);
  const count = groups.length + (rest.length > FEW_INTERVALS ? 1 : 0);
  if (groups.length === 0 || count > MOST_HASHES) return undefined;
  const tables = groups.map(
    ({ numbers, shift }) =>
      hash(numbers, shift) ?? pairedHash(numbers, shift) ?? twoLevelHash(numbers, shift),
  );
  if (rest.length > FEW_INTERVALS) tables.push(search(rest));
  else if (rest.length > 0) tables.unshift(comparisons(rest));
  return several(tables);
}
