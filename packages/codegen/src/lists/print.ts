import type { Blocks } from './graph.ts';
import { countNumbers } from './intervals.ts';
import { tableFor, tableForKeys } from './tables/choose.ts';
import { namesOf } from './tables/keys.ts';
import { SEARCH_HELPER } from './tables/search.ts';
import { printTest } from './tables/several.ts';
import type { Table } from './tables/types.ts';
import { printWalk, REPEAT_HELPER } from './tuples/print-walk.ts';
import type { Walk } from './tuples/types.ts';
import type { AnyList, List, TupleList } from './types.ts';

/** The tables that blocks ask for, each once, and walks. */
export function listsOf(blocks: Blocks): readonly (AnyList | Walk)[] {
  const lists = new Map<string, AnyList | Walk>();
  for (const { end } of blocks.values()) {
    if (end.kind === 'member') lists.set(end.list.name, end.list);
    if (end.kind === 'walk') lists.set(end.walk.name, end.walk);
  }
  return [...lists.values()];
}

/**
 * The tables of lists in C, a line each, and a function `bool in_NAME(__u32 value)` for each, or
 * `in_NAME(__u32 word_1, …)`. Needs types.h; walks need access.h.
 *
 * @param printed names of what stands in the file already: it is left out, and the rest is added
 */
export function printLists(
  lists: readonly (AnyList | Walk)[],
  printed = new Set<string>(),
): string[] {
  return lists.flatMap((list) => {
    if (printed.has(list.name)) return [];
    printed.add(list.name);
    const lines =
      'tests' in list ? printWalk(list) : 'rows' in list ? printTuples(list) : printNumbers(list);
    const helpers = HELPERS.filter(({ name }) => {
      return !printed.has(name) && lines.some((line) => line.includes(`${name}(`));
    });
    for (const { name } of helpers) printed.add(name);
    return [...helpers.flatMap((helper) => helper.lines), ...lines];
  });
}

/** What several tables call, by the function's name. */
const HELPERS: readonly { readonly name: string; readonly lines: readonly string[] }[] = [
  { name: 'is_below', lines: SEARCH_HELPER },
  { name: 'repeat', lines: REPEAT_HELPER },
];

function printNumbers({ name, intervals }: List): readonly string[] {
  const table = tableFor(intervals);
  const numbers = countNumbers(intervals);
  const what = numbers === intervals.length ? `${numbers} numbers` : `${intervals.length} ranges`;
  return [...table.arrays(name), describe(what, table), ...printTest(name, table)];
}

function printTuples({ name, rows }: TupleList): readonly string[] {
  const table = tableForKeys(rows);
  const what = describe(`${rows.length} rows`, table);
  return [...table.arrays(name), what, ...printTest(name, table, namesOf(rows[0]!.length))];
}

const describe = (what: string, { kind, bytes }: Pick<Table, 'kind' | 'bytes'>): string =>
  `/* One of ${what}? ${HOW[kind]}${bytes === 0 ? '' : `, ${bytes} bytes`}. */`;

const HOW: Readonly<Record<Table['kind'], string>> = {
  comparisons: 'A comparison each',
  bits: 'A bit for each number',
  hash: 'Each has a slot of its own; other slots hold one that is not theirs',
  'paired hash': 'No more than two have a row; other places hold one of another row',
  'two-level hash': 'Each has a slot of its own, moved by what its bucket says',
  search: 'Inside, if an odd count of turns lies below',
  several: 'Several tables',
};
