import { type Program, upperBound } from '@hookdump/filter';
import { prepare } from './prepare.ts';

/** Bytes that are read at most at once: a quarter of the stack that a BPF program has. */
const MAX_WINDOW = 128;

/**
 * How many of a frame's leading bytes the programs' loads can touch, as far as that is known when
 * compiling: constant offsets, and computed ones that have a small upper bound, such as the IPv4
 * header length. A multiple of 8, at most 128; 0 if they load nothing there.
 */
export function windowBytes(programs: readonly Program[]): number {
  const ends = programs.flatMap(loadEnds);
  return Math.ceil(Math.max(0, ...ends) / 8) * 8;
}

function loadEnds(program: Program): number[] {
  const { blocks, byId, uses } = prepare(program);
  const ends: number[] = [];
  for (const block of blocks.values()) {
    for (const value of block.values) {
      if (value.kind !== 'load' || !uses.has(value.id)) continue;
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
  return ends;
}
