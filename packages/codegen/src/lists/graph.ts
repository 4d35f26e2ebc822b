import { type BlockId, operands, testOperands, type ValueId } from '@hookdump/filter';
import type { PreparedBlock } from '../emit/prepared.ts';
import type { Knowledge } from './question.ts';

/** A program as lists are looked for in it. */
export interface ListProgram extends Knowledge {
  /** In an order in which every edge leads forward; the first is the entry. */
  readonly blocks: ReadonlyMap<BlockId, PreparedBlock>;
}

export type Blocks = ReadonlyMap<BlockId, PreparedBlock>;

/** The blocks that a block leads to; one twice if both ways lead there. */
export function targets({ end }: PreparedBlock): readonly BlockId[] {
  if (end.kind === 'jump') return [end.to];
  return 'yes' in end ? [end.yes, end.no] : [];
}

/** How many edges lead to each block. */
export function countEntries(blocks: Blocks): ReadonlyMap<BlockId, number> {
  const entries = new Map<BlockId, number>();
  for (const block of blocks.values()) {
    for (const to of targets(block)) entries.set(to, (entries.get(to) ?? 0) + 1);
  }
  return entries;
}

/** Whether a block's values do nothing: they end no program and store nothing. */
export function isPure({ blocks, constants }: ListProgram, id: BlockId): boolean {
  return blocks.get(id)!.values.every((value) => {
    if (value.kind === 'load' || value.kind === 'store') return false;
    const divides = value.kind === 'arith' && (value.op === '/' || value.op === '%');
    return !divides || constants.has(value.right);
  });
}

/** The values that a block's end looks at. */
export function valuesAtEnd({ end }: PreparedBlock): readonly ValueId[] {
  if (end.kind === 'member' || end.kind === 'walk') return end.values;
  if (end.kind === 'wide') return end.loads;
  return end.kind === 'jump' || end.kind === 'way' ? [] : testOperands(end);
}

/** The blocks that the first leads to, in order. */
export function reachable(blocks: Blocks): Map<BlockId, PreparedBlock> {
  const reached = new Set<BlockId>();
  const kept = new Map<BlockId, PreparedBlock>();
  for (const block of blocks.values()) {
    if (kept.size > 0 && !reached.has(block.id)) continue;
    kept.set(block.id, block);
    for (const to of targets(block)) reached.add(to);
  }
  return kept;
}

/** Leaves out those of some values, which have no effect, that nobody reads. */
export function dropUnread(blocks: Blocks, candidates: ReadonlySet<ValueId>): Blocks {
  const read = new Set<ValueId>();
  const kept: PreparedBlock[] = [];
  for (const block of [...blocks.values()].reverse()) {
    for (const id of valuesAtEnd(block)) read.add(id);
    const values = [...block.values].reverse().filter((value) => {
      if (candidates.has(value.id) && !read.has(value.id)) return false;
      for (const id of operands(value)) read.add(id);
      return true;
    });
    kept.push({ ...block, values: values.reverse() });
  }
  return new Map(kept.reverse().map((block) => [block.id, block]));
}
