import {
  type Block,
  type BlockId,
  type Program,
  type Value,
  type ValueId,
  valuesById,
} from '@hookdump/filter';
import { findLists } from '../lists/index.ts';
import { type Constants, constantsOf, decide } from './decide.ts';
import { isDivision, mayReject, type Prepared, type PreparedBlock, targets } from './prepared.ts';
import { splitTails } from './split-tails.ts';

/** A program as the C emitter wants it. */

export function prepare(original: Program): Prepared {
  const program = splitTails(original);
  const byId = valuesById(program);
  const constants = constantsOf(program);
  const reachable = new Map<BlockId, PreparedBlock>();
  const reached = new Set<BlockId>([0 as BlockId]);
  for (const whole of program.blocks) {
    if (!reached.has(whole.id)) continue;
    const block = settle(whole, constants, byId);
    reachable.set(block.id, block);
    for (const to of targets(block)) reached.add(to);
  }
  const blocks = findLists({ blocks: reachable, byId, constants });
  return { blocks, byId, constants, ...countUses(blocks, constants) };
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
  if (block.end.kind === 'return-value') {
    const value = constants.get(block.end.value);
    return value === undefined ? block : { ...block, end: { kind: 'return', value } };
  }
  const decided = block.end.yes === block.end.no || decide(block.end.test, constants, byId);
  if (decided === undefined) return block;
  return { ...block, end: { kind: 'jump', to: decided ? block.end.yes : block.end.no } };
}

/** Edges lead forward and values are set before they are used: one pass from the end suffices. */
function countUses(
  blocks: ReadonlyMap<BlockId, PreparedBlock>,
  constants: Constants,
): Pick<Prepared, 'uses' | 'words' | 'stores'> {
  const uses = new Map<ValueId, number>();
  const words = new Set<number>();
  const stores = new Set<ValueId>();
  const use = (id: ValueId, times = 1): void => void uses.set(id, (uses.get(id) ?? 0) + times);
  for (const { values, end } of [...blocks.values()].reverse()) {
    if (end.kind === 'return-value' || end.kind === 'member') use(end.value);
    if (end.kind === 'branch') {
      use(end.test.left);
      use(end.test.right);
    }
    for (const value of [...values].reverse()) {
      const used = uses.get(value.id) ?? 0;
      if (value.kind === 'store' && words.has(value.word)) stores.add(value.id);
      if (value.kind === 'load' && value.index !== undefined) use(value.index);
      // What is known is printed as a number, wherever it is read.
      if (constants.has(value.id)) continue;
      if (value.kind === 'recall' && used > 0) words.add(value.word);
      if (value.kind === 'store') {
        // What is stored is also the value of storing it: read there, read here.
        const reads = used + (stores.has(value.id) ? 1 : 0);
        if (reads > 0) use(value.value, reads);
      }
      if (value.kind !== 'arith') continue;
      if (mayReject(value, constants)) use(value.right);
      if (used > 0) {
        use(value.left);
        use(value.right);
      }
    }
  }
  return { uses, words, stores };
}
