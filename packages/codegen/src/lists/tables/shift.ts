import type { Key } from './keys.ts';
import type { Table } from './types.ts';

/** A {@link Table} of keys: what it is asked for is a key, and so are the numbers in C (namesOf). */
export interface KeyTable extends Omit<Table, 'has'> {
  readonly has: (key: Key) => boolean;
}

export const numberKeys = (numbers: readonly number[]): readonly Key[] =>
  numbers.map((number) => [number]);

/** A table of numbers that is asked for values without their lowest bits. */
export function shifted(table: KeyTable, shift: number): Table {
  return {
    ...table,
    has: (value) => table.has([value >>> shift]),
    body: (name) => [...(shift === 0 ? [] : [`value >>= ${shift};`]), ...table.body(name)],
  };
}
