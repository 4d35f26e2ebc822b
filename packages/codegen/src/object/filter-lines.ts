import type { LineRange, Shown } from './line-info.ts';

/** The head of a function that the filter's text is in: `emitC` calls it after the link type. */
const HEAD = /^static [^;]*\bfilter_(?:en10mb|raw)\w*\([^;]*\)$/i;

/** The function that a filter's text is in a second time, as access.h has it: once will do. */
const AGAIN = /^filter_(?:en10mb|raw)_careful/;

/** Where a filter goes on there, which says nothing of the filter. */
const ELSEWHERE = /\bin_memory\(/;

/** The lines of the emitted filters in a C file, which has one declaration behind another. */
export function filterLines(source: string): Shown {
  const ranges: LineRange[] = [];
  let first: number | undefined;
  source.split('\n').forEach((text, index) => {
    if (HEAD.test(text)) first = index + 1;
    const isElsewhere = ELSEWHERE.test(text);
    if (first === undefined || (text !== '}' && !isElsewhere)) return;
    ranges.push({ first, last: isElsewhere ? index : index + 1 });
    first = isElsewhere ? index + 2 : undefined;
  });
  return { lines: ranges, except: AGAIN };
}
