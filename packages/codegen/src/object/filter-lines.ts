import type { LineRange, Shown } from './line-info.ts';

/** The head of a function that the filter's text is in: `emitC` calls it after the link type. */
const HEAD = /^static [^;]*\bfilter_(?:en10mb|raw)\w*\([^;]*\)$/i;

/** The function that a filter's text is in a second time, as access.h has it: once will do. */
const AGAIN = /^filter_(?:en10mb|raw)_careful/;

/** The lines of the emitted filters in a C file, which has one declaration behind another. */
export function filterLines(source: string): Shown {
  const ranges: LineRange[] = [];
  let first: number | undefined;
  source.split('\n').forEach((text, index) => {
    if (HEAD.test(text)) first = index + 1;
    if (text !== '}' || first === undefined) return;
    ranges.push({ first, last: index + 1 });
    first = undefined;
  });
  return { lines: ranges, except: AGAIN };
}
