import type { BlockId } from '@hookdump/filter';
import type { Prepared, PreparedBlock } from '../prepared.ts';
import { countLive } from './live.ts';

/** Blocks that follow one another in the program: they become one function. */
export type Part = readonly PreparedBlock[];

/**
 * Cuts blocks into parts of about `size` values and tests each, where few values are needed on both
 * sides. Edges lead forward, so that a part is never returned to.
 */
export function cutBlocks(
  blocks: readonly PreparedBlock[],
  prepared: Prepared,
  size: number,
): readonly Part[] {
  const live = countLive(blocks, prepared);
  const parts: Part[] = [];
  for (let start = 0; start < blocks.length; ) {
    let end = start;
    let best: number | undefined;
    for (let weight = 0; end < blocks.length && weight < size; end++) {
      weight += weightOf(blocks[end]!, prepared);
      const isBest = best === undefined || live[end + 1]! <= live[best]!;
      if (weight >= size / 2 && isBest) best = end + 1;
    }
    const next = end === blocks.length || best === undefined ? end : best;
    parts.push(blocks.slice(start, next));
    start = next;
  }
  return parts;
}

/** What compilers and the verifier are busy with. */
function weightOf({ values }: PreparedBlock, { constants }: Prepared): number {
  return 1 + values.filter(({ id }) => !constants.has(id)).length;
}

/** By block: the number of the part that it is in. */
export function partsById(parts: readonly Part[]): ReadonlyMap<BlockId, number> {
  return new Map(parts.flatMap((part, index) => part.map(({ id }) => [id, index] as const)));
}
