import {
  type Block,
  type BlockId,
  type Program,
  type Terminator,
  type Value,
  type ValueId,
  valuesById,
} from '@hookdump/filter';
import { type Constants, constantsOf, decide } from './decide.ts';

/** A block whose test may turn out to be decided: it then goes one way. */
export interface PreparedBlock {
  readonly id: BlockId;
  readonly values: readonly Value[];
  readonly end: Terminator | { readonly kind: 'jump'; readonly to: BlockId };
}

/** A program as the C emitter wants it: what cannot be reached is gone, and uses are counted. */
export interface Prepared {
  /** The blocks that can be reached, in the program's order, under its own numbers. */
  readonly blocks: ReadonlyMap<BlockId, PreparedBlock>;
  readonly byId: ReadonlyMap<ValueId, Value>;
  readonly constants: Constants;
  /**
   * How many times each value is read by what will be printed; 0: never. A load or a division that
   * nobody reads still stands for the rejection that it may cause.
   */
  readonly uses: ReadonlyMap<ValueId, number>;
}

export function prepare(program: Program): Prepared {
  const byId = valuesById(program);
  const constants = constantsOf(program);
  const blocks = new Map<BlockId, PreparedBlock>();
  const reached = new Set<BlockId>([0 as BlockId]);
  for (const original of program.blocks) {
    if (!reached.has(original.id)) continue;
    const block = settle(original, constants, byId);
    blocks.set(block.id, block);
    for (const to of targets(block)) reached.add(to);
  }
  return { blocks, byId, constants, uses: countUses(blocks, constants) };
}

/** Ends the block where it surely rejects, and takes a decided test's one way. */
function settle(
  block: Block,
  constants: Constants,
  byId: ReadonlyMap<ValueId, Value>,
): PreparedBlock {
  const stop = block.values.findIndex(
    (value) => isDivision(value) && constants.get(value.right) === 0,
  );
  if (stop >= 0) {
    return { ...block, values: block.values.slice(0, stop), end: { kind: 'return', value: 0 } };
  }
  if (block.end.kind === 'return') return block;
  const decided = block.end.yes === block.end.no || decide(block.end.test, constants, byId);
  if (decided === undefined) return block;
  return { ...block, end: { kind: 'jump', to: decided ? block.end.yes : block.end.no } };
}

/** The blocks that a block leads to. */
export function targets({ end }: PreparedBlock): readonly BlockId[] {
  if (end.kind === 'return') return [];
  return end.kind === 'jump' ? [end.to] : [end.yes, end.no];
}

function isDivision(value: Value): value is Value & { kind: 'arith' } {
  return value.kind === 'arith' && (value.op === '/' || value.op === '%');
}

/** A division whose divisor the packet gives: it must be compared with 0 first. */
export function mayReject(value: Value, constants: Constants): value is Value & { kind: 'arith' } {
  return isDivision(value) && !constants.has(value.right);
}

/** Edges lead forward and values are set before they are used: one pass from the end suffices. */
function countUses(
  blocks: ReadonlyMap<BlockId, PreparedBlock>,
  constants: Constants,
): ReadonlyMap<ValueId, number> {
  const uses = new Map<ValueId, number>();
  const use = (id: ValueId): void => void uses.set(id, (uses.get(id) ?? 0) + 1);
  for (const block of [...blocks.values()].reverse()) {
    if (block.end.kind === 'branch') {
      use(block.end.test.left);
      use(block.end.test.right);
    }
    for (const value of [...block.values].reverse()) {
      if (value.kind === 'load' && value.index !== undefined) use(value.index);
      if (value.kind !== 'arith' || constants.has(value.id)) continue;
      if (mayReject(value, constants)) use(value.right);
      if (uses.has(value.id)) {
        use(value.left);
        use(value.right);
      }
    }
  }
  return uses;
}
