import type { Blocks } from './graph.ts';
import { countNumbers } from './intervals.ts';
import { tableFor } from './tables/choose.ts';
import { SEARCH_HELPER } from './tables/search.ts';
import { printTest } from './tables/several.ts';
import type { Table } from './tables/types.ts';
import type { List } from './types.ts';

/** The lists that blocks ask for, each once. */
export function listsOf(blocks: Blocks): readonly List[] {
  const lists = new Map<string, List>();
  for (const { end } of blocks.values()) {
    if (end.kind === 'member') lists.set(end.list.name, end.list);
  }
  return [...lists.values()];
}

/**
 * The tables of lists in C, a line each, and a function `bool in_NAME(__u32 value)` for each. Needs
 * types.h.
 *
 * @param printed names of what stands in the file already: it is left out, and the rest is added
 */
export function printLists(lists: readonly List[], printed = new Set<string>()): string[] {
  return lists.flatMap((list) => {
    if (printed.has(list.name)) return [];
    printed.add(list.name);
    const table = tableFor(list.intervals);
    const lines = [
      ...table.arrays(list.name),
      `/* ${describe(list, table)} */`,
      ...printTest(list.name, table),
    ];
    if (printed.has(SEARCH) || !lines.some((line) => line.includes(`${SEARCH}(`))) return lines;
    printed.add(SEARCH);
    return [...SEARCH_HELPER, ...lines];
  });
}

const SEARCH = 'is_below';

function describe({ intervals }: List, { kind, bytes }: Table): string {
  const numbers = countNumbers(intervals);
  const what = numbers === intervals.length ? `${numbers} numbers` : `${intervals.length} ranges`;
  return `One of ${what}? ${HOW[kind]}${bytes === 0 ? '' : `, ${bytes} bytes`}.`;
}

const HOW: Readonly<Record<Table['kind'], string>> = {
  comparisons: 'A comparison each',
  bits: 'A bit for each number',
  hash: 'Each has a slot of its own; other slots hold one that is not theirs',
  'two-level hash': 'Each has a slot of its own, moved by what its bucket says',
  search: 'Inside, if an odd count of turns lies below',
  several: 'Several tables',
};
