import type { BlockId, Program } from './types.ts';
import { successors } from './visit.ts';

/** Which blocks every path to a block goes through. All arrays are indexed by block. */
export interface Dominators {
  /** The last of them, other than the block itself; the entry's is the entry. */
  readonly immediate: Int32Array;
  /** How many there are. */
  readonly depth: Int32Array;
  /** One of them, far up: from it and `immediate`, any other is found in logarithmic time. */
  readonly shortcut: Int32Array;
}

/**
 * One pass: in a program without loops, all that lead to a block come before it. Logarithmic per
 * edge, so that a list of thousands of tests that share one exit does not take the square of its
 * length.
 */
export function findDominators({ blocks }: Program): Dominators {
  const immediate = new Int32Array(blocks.length).fill(-1);
  const depth = new Int32Array(blocks.length);
  const shortcut = new Int32Array(blocks.length);
  const found: Dominators = { immediate, depth, shortcut };
  immediate[0] = 0;
  for (const { id, end } of blocks) {
    if (id > 0) {
      const above = immediate[id]!;
      depth[id] = depth[above]! + 1;
      // Skew-binary jump pointers: two equal strides become one of twice the length.
      const far = shortcut[above]!;
      const farther = shortcut[far]!;
      const equal = depth[above]! - depth[far]! === depth[far]! - depth[farther]!;
      shortcut[id] = equal ? farther : above;
    }
    for (const to of successors(end)) {
      immediate[to] = immediate[to] === -1 ? id : commonDominator(found, immediate[to]!, id);
    }
  }
  return found;
}

/** The last block that every path to `a` and every path to `b` goes through. */
export function commonDominator(
  { immediate, depth, shortcut }: Dominators,
  a: number,
  b: number,
): BlockId {
  let [upper, lower] = depth[a]! <= depth[b]! ? [a, b] : [b, a];
  lower = climb({ immediate, depth, shortcut }, lower, depth[upper]!);
  while (upper !== lower) {
    // Equal depths have shortcuts of equal length.
    if (shortcut[upper] === shortcut[lower]) {
      upper = immediate[upper]!;
      lower = immediate[lower]!;
    } else {
      upper = shortcut[upper]!;
      lower = shortcut[lower]!;
    }
  }
  return upper as BlockId;
}

/** Does every path to `to` go through `from`? A block dominates itself. */
export function dominates(dominators: Dominators, from: BlockId, to: BlockId): boolean {
  const depth = dominators.depth[from]!;
  return dominators.depth[to]! >= depth && climb(dominators, to, depth) === from;
}

/** The dominator of a block at a depth that is not below its own. */
function climb({ immediate, depth, shortcut }: Dominators, from: number, to: number): number {
  let at = from;
  while (depth[at]! > to) at = depth[shortcut[at]!]! >= to ? shortcut[at]! : immediate[at]!;
  return at;
}
