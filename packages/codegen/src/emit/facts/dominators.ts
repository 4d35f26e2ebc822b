import type { BlockId } from '@hookdump/filter';
import { type PreparedBlock, targets } from '../prepared.ts';

/** How a program's blocks hang together, for printing them nested. */
export interface Shape {
  /** By block: the last one before it that every way to it passes; none for the entry. */
  readonly dominator: ReadonlyMap<BlockId, BlockId>;
  /** Blocks that more than one other block leads to. */
  readonly merges: ReadonlySet<BlockId>;
  /** By block: the merges that every way to leads through it last, in order. */
  readonly mergesUnder: ReadonlyMap<BlockId, readonly BlockId[]>;
  /** By block: how many blocks can be reached only through it, with itself. */
  readonly weight: ReadonlyMap<BlockId, number>;
}

/** Needs blocks in an order where every edge leads forward; the first is the entry. */
export function shapeOf(blocks: ReadonlyMap<BlockId, PreparedBlock>): Shape {
  const sources = new Map<BlockId, Set<BlockId>>();
  for (const block of blocks.values()) {
    for (const to of targets(block)) {
      const known = sources.get(to);
      if (known === undefined) sources.set(to, new Set([block.id]));
      else known.add(block.id);
    }
  }

  const parent = new Map<BlockId, BlockId>();
  const weight = new Map<BlockId, number>();
  const mergesUnder = new Map<BlockId, BlockId[]>();
  const merges = new Set<BlockId>();
  for (const id of blocks.keys()) {
    weight.set(id, 1);
    const from = [...(sources.get(id) ?? [])];
    if (from.length === 0) continue;
    // From the last one on, so that no stretch of a long chain is climbed twice.
    const dominator = from.reduceRight((a, b) => commonAncestor(a, b, parent));
    parent.set(id, dominator);
    if (from.length > 1) {
      merges.add(id);
      const under = mergesUnder.get(dominator);
      if (under === undefined) mergesUnder.set(dominator, [id]);
      else under.push(id);
    }
  }
  for (const id of [...blocks.keys()].reverse()) {
    const above = parent.get(id);
    if (above !== undefined) weight.set(above, weight.get(above)! + weight.get(id)!);
  }
  return { dominator: parent, merges, mergesUnder, weight };
}

/** Ancestors have lower numbers, so the higher of the two climbs until they meet. */
function commonAncestor(a: BlockId, b: BlockId, parent: ReadonlyMap<BlockId, BlockId>): BlockId {
  let [left, right] = [a, b];
  while (left !== right) {
    if (left > right) left = parent.get(left)!;
    else right = parent.get(right)!;
  }
  return left;
}
