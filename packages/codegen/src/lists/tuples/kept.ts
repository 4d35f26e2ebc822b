import { type BlockId, operands, type Value, type ValueId } from '@hookdump/filter';
import { type Blocks, type ListProgram, targets, valuesAtEnd } from '../graph.ts';
import type { TupleRegion } from './region.ts';

/** What a region has that is read behind it, by the block in which it is to be had once the region is gone. */
export type Kept = ReadonlyMap<BlockId, readonly Value[]>;

/**
 * Constants go to the region's first block. What is loaded is loaded again at the exit behind which it
 * is read: that cannot fail, since all ways that come there have loaded it. `undefined`: there is
 * something else, or what is behind either exit.
 */
export function keptOf(region: TupleRegion, program: ListProgram): Kept | undefined {
  const { steps, exits } = region;
  const kept = new Map<BlockId, Value[]>();
  const keep = (at: BlockId, value: Value): void => {
    const known = kept.get(at);
    if (known === undefined) kept.set(at, [value]);
    else known.push(value);
  };
  const behind = exits.map((exit) => reachedFrom(exit, program.blocks));
  for (const [id, readers] of readersOf(region, program.blocks)) {
    const value = program.byId.get(id)!;
    if (program.constants.has(id)) {
      keep(steps[0]!.block, value);
      continue;
    }
    const ways = exits.filter((_, index) => readers.some((each) => behind[index]!.has(each)));
    const [exit] = ways;
    const isPlainLoad = value.kind === 'load' && value.index === undefined;
    if (!isPlainLoad || ways.length !== 1 || exit === undefined) return undefined;
    keep(exit, value);
  }
  return kept;
}

/** The values of the region, but for those of its first block, that are read behind it, and by which blocks. */
function readersOf(
  { steps }: TupleRegion,
  blocks: Blocks,
): ReadonlyMap<ValueId, readonly BlockId[]> {
  const own = new Set(steps.map(({ block }) => block));
  const inside = new Set<ValueId>();
  for (const { block } of steps.slice(1)) {
    for (const { id } of blocks.get(block)!.values) inside.add(id);
  }
  const readers = new Map<ValueId, BlockId[]>();
  for (const block of blocks.values()) {
    if (own.has(block.id)) continue;
    for (const id of [...valuesAtEnd(block), ...block.values.flatMap(operands)]) {
      if (!inside.has(id)) continue;
      const known = readers.get(id);
      if (known === undefined) readers.set(id, [block.id]);
      else known.push(block.id);
    }
  }
  return readers;
}

function reachedFrom(first: BlockId, blocks: Blocks): ReadonlySet<BlockId> {
  const reached = new Set<BlockId>([first]);
  for (const id of reached) for (const to of targets(blocks.get(id)!)) reached.add(to);
  return reached;
}
