import { multipliers } from './random.ts';
import { hex, typeFor } from './text.ts';
import type { Table } from './types.ts';

/** Such a table still fits into the fastest cache; of its lines, those are read that packets ask for. */
const MOST_BYTES = 32_768;

/** A multiplier is right with a chance of e^-this at least. */
const MOST_TRIPLES = 12;
const MOST_TRIES = 200_000;

/**
 * A hash table in which a multiplication gives each number a row, and no row is that of more than
 * two. It takes some thousand numbers where one of their own for each takes some hundred, for two
 * instructions more, and both are loaded at once. Places without a number of their own hold one that
 * has another row, so that comparing suffices.
 *
 * @param numbers without doubles, at least one
 * @param shift numbers are compared with the value without its so many lowest bits
 * @returns `undefined` if it would take too much memory
 */
export function pairedHash(numbers: readonly number[], shift = 0): Table | undefined {
  const { name: type, bytes } = typeFor(numbers.reduce((a, b) => Math.max(a, b), 0));
  const count = numbers.length;
  const triples = (count * (count - 1) * (count - 2)) / 6;
  let bits = 2;
  while (triples / 4 ** bits > MOST_TRIPLES || 2 ** bits < count) bits++;
  if (2 * bytes * 2 ** bits > MOST_BYTES) return undefined;
  const multiplier = findMultiplier(numbers, bits);
  if (multiplier === undefined) return undefined;
  const rowOf = (number: number): number => Math.imul(number, multiplier) >>> (32 - bits);
  const rows = rowsOf(numbers, 2 ** bits, rowOf);
  return {
    kind: 'paired hash',
    bytes: 2 * bytes * rows.length,
    has: (value) => rows[rowOf(value >>> shift)]!.includes(value >>> shift),
    arrays: (name) => [
      `static const ${type} ${name}_pairs[${rows.length}][2] SEC(".rodata") = {`,
      ...rows.map((row) => `\t{ ${row.map(hex).join(', ')} },`),
      '};',
      '',
    ],
    body: (name) => [
      ...(shift === 0 ? [] : [`value >>= ${shift};`]),
      `const ${type} *pair = ${name}_pairs[(__u32)(value * ${hex(multiplier)}) >> ${32 - bits}];`,
      '',
      'return pair[0] == value || pair[1] == value;',
    ],
  };
}

function findMultiplier(numbers: readonly number[], bits: number): number | undefined {
  /** By row: the try that put one there last, doubled, and one more for a second. */
  const taken = new Uint32Array(2 ** bits);
  let tried = 0;
  for (const multiplier of multipliers()) {
    if (++tried > MOST_TRIES) break;
    const mark = 2 * tried;
    const free = (number: number): boolean => {
      const row = Math.imul(number, multiplier) >>> (32 - bits);
      if (taken[row] === mark + 1) return false;
      taken[row] = taken[row] === mark ? mark + 1 : mark;
      return true;
    };
    if (numbers.every(free)) return multiplier;
  }
  return undefined;
}

function rowsOf(
  numbers: readonly number[],
  count: number,
  rowOf: (number: number) => number,
): readonly (readonly number[])[] {
  const rows = Array.from({ length: count }, (): number[] => []);
  for (const number of numbers) rows[rowOf(number)]!.push(number);
  const [first] = numbers as [number];
  const second = numbers.find((number) => rowOf(number) !== rowOf(first));
  return rows.map((row, at) => {
    const other = rowOf(first) === at ? (second ?? first) : first;
    return [row[0] ?? other, row[1] ?? other];
  });
}
