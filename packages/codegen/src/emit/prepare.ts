import { type BlockId, type Program, type Value, type ValueId, valuesById } from '@hookdump/filter';
import { findLists, findTuples } from '../lists/index.ts';
import { type Constants, constantsOf, decide } from './decide.ts';
import { forwardWords } from './passes/forward-words.ts';
import { type SplitProgram, splitTails } from './passes/split-tails.ts';
import { isDivision, mayReject, type Prepared, type PreparedBlock, targets } from './prepared.ts';

/** A program as the C emitter wants it. */

/** @param options `splits: false`: as it is, without copies of shared tails for each way to them */
export function prepare(program: Program, { splits = true } = {}): Prepared {
  const settled = settleAll({
    blocks: new Map(program.blocks.map((block) => [block.id, block])),
    byId: valuesById(program),
    constants: constantsOf(program),
  });
  const tupled = findTuples(settled);
  const listed = { ...tupled, blocks: findLists(tupled) };
  const { blocks, byId, constants } = splits ? settleAll(forwardWords(splitTails(listed))) : listed;
  return { blocks, byId, constants, ...countUses(blocks, constants) };
}

/** Leaves out what cannot be reached, and tests that are decided. */
function settleAll(program: SplitProgram): SplitProgram {
  const { byId, constants } = program;
  const blocks = new Map<BlockId, PreparedBlock>();
  const reached = new Set<BlockId>();
  for (const whole of program.blocks.values()) {
    if (blocks.size > 0 && !reached.has(whole.id)) continue;
    const block = settle(whole, constants, byId);
    blocks.set(block.id, block);
    for (const to of targets(block)) reached.add(to);
  }
  return { blocks, byId, constants };
}

/** Ends the block where it surely rejects, and takes a decided test's one way. */
function settle(
  block: PreparedBlock,
  constants: Constants,
  byId: ReadonlyMap<ValueId, Value>,
): PreparedBlock {
  const stop = block.values.findIndex(
    (value) => isDivision(value) && constants.get(value.right) === 0,
  );
  if (stop >= 0) {
    return { ...block, values: block.values.slice(0, stop), end: { kind: 'return', value: 0 } };
  }
  if (block.end.kind === 'return-value') {
    const value = constants.get(block.end.value);
    return value === undefined ? block : { ...block, end: { kind: 'return', value } };
  }
  if (block.end.kind !== 'branch') return block;
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
    if (end.kind === 'return-value') use(end.value);
    if (end.kind === 'member' || end.kind === 'walk') for (const id of end.values) use(id);
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
