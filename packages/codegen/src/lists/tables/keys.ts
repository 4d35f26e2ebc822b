import { multipliers } from './random.ts';
import { hex, printArray, typeFor } from './text.ts';

/** What a table is asked for: one number, or several that belong together. */
export type Key = readonly number[];

/** One for each number of a key; all are odd. */
export type Multipliers = readonly number[];

/** Spreads keys over 32 bits, the highest of which are the best. */
export function productOf(key: Key, factors: Multipliers): number {
  let sum = 0;
  for (let at = 0; at < factors.length; at++) {
    sum = (sum + Math.imul(key[at]!, factors[at]!)) | 0;
  }
  return sum >>> 0;
}

/** Multipliers for keys of `width` numbers, without end, the same at every call. */
export function* multipliersFor(width: number): Generator<Multipliers, never> {
  const random = multipliers();
  for (;;) {
    const factors: number[] = [];
    for (let at = 0; at < width; at++) factors.push(random.next().value);
    yield factors;
  }
}

/** The names of a key's numbers in C. */
export const namesOf = (width: number): readonly string[] =>
  width === 1 ? ['value'] : Array.from({ length: width }, (_, at) => `word_${at + 1}`);

export const printProduct = (factors: Multipliers): string => {
  const names = namesOf(factors.length);
  return factors.map((factor, at) => `${names[at]} * ${hex(factor)}`).join(' + ');
};

/** The array of a table's keys: of numbers, or of rows of them. */
export function printKeys(name: string, slots: readonly Key[]): readonly string[] {
  const width = slots[0]!.length;
  if (width === 1) return printArray(`${name}_numbers`, slots.flat());
  const rows = slots.map((key) => `\t{ ${key.map(hex).join(', ')} },`);
  const { name: type } = typeFor(largestOf(slots));
  return [
    `static const ${type} ${name}_rows[${slots.length}][${width}] SEC(".rodata") = {`,
    ...rows,
    '};',
    '',
  ];
}

/** Whether the slot `at`, an expression, holds the key; statements that return it. */
export function printIsAt(name: string, at: string, width: number): readonly string[] {
  if (width === 1) return [`return ${name}_numbers[${at}] == value;`];
  const names = namesOf(width);
  return [
    `const __typeof__(${name}_rows[0][0]) *row = ${name}_rows[${at}];`,
    '',
    `return ${names.map((each, index) => `row[${index}] == ${each}`).join(' && ')};`,
  ];
}

export const bytesOf = (slots: readonly Key[]): number =>
  slots.length * slots[0]!.length * typeFor(largestOf(slots)).bytes;

const largestOf = (slots: readonly Key[]): number =>
  slots.reduce((most, key) => key.reduce((a, b) => Math.max(a, b), most), 0);

export const isSameKey = (a: Key, b: Key): boolean => a.every((number, at) => number === b[at]);
