import { type Program, upperBound } from '@hookdump/filter';
import { prepare } from '../prepare.ts';
import { withBoundedWords } from './bounds.ts';

/** Bytes that are read at most at once: IPv6 and the ports behind it. */
const MAX_WINDOW = 64;

/** Where anything is loaded at all, the window has some bytes: with none, packets are not read. */
const LEAST_WINDOW = 16;

/**
 * How many of a frame's leading bytes the programs' loads can touch, as far as that is known when
 * compiling: constant offsets, and computed ones that have a small upper bound, such as the IPv4
 * header length. A multiple of 8, at least 16 and at most 64; 0 if they load nothing at all.
 */
export function windowBytes(programs: readonly Program[]): number {
  const ends = programs.map(loadEnds).filter((each) => each !== undefined);
  if (ends.length === 0) return 0;
  return Math.ceil(Math.max(LEAST_WINDOW, ...ends.flat()) / 8) * 8;
}

/** Where the loads end that end within reach; nothing for a program without loads. */
function loadEnds(program: Program): number[] | undefined {
  const prepared = prepare(program);
  const { blocks, uses } = prepared;
  const byId = withBoundedWords(prepared);
  const ends: number[] = [];
  let loads = false;
  for (const block of blocks.values()) {
    for (const value of block.values) {
      if (value.kind !== 'load' || !uses.has(value.id)) continue;
      loads = true;
      const first = value.offset + value.size;
      if (first > MAX_WINDOW) continue;
      if (value.index === undefined) ends.push(first);
      else {
        const bound = upperBound(value.index, byId);
        // An index that can lie anywhere in the frame is likely not to lie in the window.
        if (bound <= 0xfff) ends.push(Math.min(first + bound, MAX_WINDOW));
      }
    }
  }
  return loads ? ends : undefined;
}
