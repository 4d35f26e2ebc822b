import type { Prepared } from '../prepared.ts';
import { countLive } from './live.ts';

/** Loads of a filter that may be written out for the fast way too: more keep a compiler busy for long. */
const MOST_LOADS = 200;

/** The same for loads at computed offsets, which are compared with the packet's end one by one. */
const MOST_COMPUTED_LOADS = 40;

/** Values that are needed at a time: with more, a function takes more than its share of the stack. */
const MOST_LIVE = 24;

/** Blocks, which may do nothing but test. */
const MOST_BLOCKS = 1000;

/** Whether a program is too large for a fast way, and for one function. */
export function isLarge(prepared: Prepared): boolean {
  const { constants } = prepared;
  const blocks = [...prepared.blocks.values()];
  const loads = blocks.flatMap(({ values }) => values.filter((value) => value.kind === 'load'));
  const computed = loads.filter(({ index }) => index !== undefined && !constants.has(index));
  return (
    loads.length > MOST_LOADS ||
    computed.length > MOST_COMPUTED_LOADS ||
    blocks.length > MOST_BLOCKS ||
    countLive(blocks, prepared).some((count) => count > MOST_LIVE)
  );
}
