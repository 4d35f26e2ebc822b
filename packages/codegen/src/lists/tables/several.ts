import type { Table } from './types.ts';

/** What is in one of some tables. */
export function several(tables: readonly Table[]): Table {
  if (tables.length === 1) return tables[0]!;
  const part = (name: string, index: number): string => `${name}_${index + 1}`;
  return {
    kind: 'several',
    bytes: tables.reduce((sum, { bytes }) => sum + bytes, 0),
    has: (value) => tables.some((table) => table.has(value)),
    arrays: (name) =>
      tables.flatMap((table, index) => [
        ...table.arrays(part(name, index)),
        ...printTest(part(name, index), table),
      ]),
    body: (name) => [
      `return ${tables.map((_, index) => `in_${part(name, index)}(value)`).join(' || ')};`,
    ],
  };
}

/** The function that asks. */
export function printTest(
  name: string,
  { body }: Pick<Table, 'body'>,
  parameters: readonly string[] = ['value'],
): readonly string[] {
  return [
    `static __always_inline bool in_${name}(${parameters.map((each) => `__u32 ${each}`).join(', ')})`,
    '{',
    ...body(name).map((line) => (line === '' ? '' : `\t${line}`)),
    '}',
    '',
  ];
}
