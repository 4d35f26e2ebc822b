import type { BlockId, ValueId } from '@hookdump/filter';
import type { PreparedBlock } from '../emit/prepared.ts';
import { type Blocks, countEntries, type ListProgram, targets } from './graph.ts';
import { subtract, unite } from './intervals.ts';
import { isList, listOf, sameNumbers } from './list.ts';
import { questionOf } from './question.ts';
import type { EarlyBranch, Interval, List, MemberEnd } from './types.ts';

/** So many tests before a list are looked at. */
const STEPS_BACK = 4;

/**
 * Lets two tests have one list where the numbers in which the lists differ cannot occur: `host a or
 * b or c` compares the source with `a` before it loads the destination, and then asks for the
 * destination in `a, b, c` and for the source in `b, c`. The test for `a` is then an
 * {@link EarlyBranch}.
 */
export function shareLists(blocks: Blocks, program: ListProgram): Blocks {
  const lists = new Map<string, List>();
  for (const { end } of blocks.values()) {
    if (end.kind === 'member' && isList(end.list)) lists.set(end.list.name, end.list);
  }
  if (lists.size < 2) return blocks;
  const before = onlyPredecessors(blocks);
  const after = new Map(blocks);
  for (const block of blocks.values()) {
    const { end } = block;
    if (end.kind !== 'member' || !isList(end.list)) continue;
    const { numbers, early } = testsBefore(block, end, blocks, before, program);
    if (numbers.length === 0) continue;
    const larger = listOf(unite([...end.list.intervals, ...numbers]));
    const list = lists.get(larger.name);
    if (list === undefined || !sameNumbers(list, larger)) continue;
    after.set(block.id, { ...block, end: { ...end, list } });
    for (const each of early) after.set(each.id, each);
  }
  return after;
}

interface Before {
  /** What the value has been found not to be. */
  readonly numbers: readonly Interval[];
  /** The blocks that found it, where going on would lead to the same in the end. */
  readonly early: readonly PreparedBlock[];
}

/** What is known of a member's value on the only way to its block. */
function testsBefore(
  block: PreparedBlock,
  { values: [value], yes }: MemberEnd,
  blocks: Blocks,
  before: ReadonlyMap<BlockId, BlockId>,
  program: ListProgram,
): Before {
  const numbers: Interval[] = [];
  const early: PreparedBlock[] = [];
  let isSame = onlyLoads(block, program);
  let at = block;
  for (let step = 0; step < STEPS_BACK; step++) {
    const from = blocks.get(before.get(at.id)!);
    if (from === undefined) break;
    const { end } = from;
    const known = excluded(from, at.id, value!, program);
    if (known !== undefined) numbers.push(...known);
    isSame &&= end.kind === 'jump' || targets(from).includes(yes);
    if (isSame && known !== undefined && end.kind === 'branch' && end.yes === yes) {
      const made: EarlyBranch = { ...end, early: true };
      early.push({ ...from, end: made });
    }
    isSame &&= onlyLoads(from, program);
    at = from;
  }
  return { numbers: unite(numbers), early };
}

/** What a value is not if a block's end leads to `at`; `undefined` if it asks for something else. */
function excluded(
  { end }: PreparedBlock,
  at: BlockId,
  value: ValueId,
  program: ListProgram,
): readonly Interval[] | undefined {
  let holds: readonly Interval[] | undefined;
  if (end.kind === 'member' && isList(end.list) && end.values[0] === value) {
    holds = end.list.intervals;
  }
  if (end.kind === 'branch') {
    const question = questionOf(end.test, program);
    if (question?.value === value) holds = question.holds === undefined ? [] : [question.holds];
  }
  if (holds === undefined || !('yes' in end)) return undefined;
  return end.no === at ? holds : subtract(ALL, holds);
}

/** Whether nothing but a load has an effect, which is the end of the program where it fails. */
function onlyLoads({ values }: PreparedBlock, { constants }: ListProgram): boolean {
  return values.every((value) => {
    const divides = value.kind === 'arith' && (value.op === '/' || value.op === '%');
    return value.kind !== 'store' && (!divides || constants.has(value.right));
  });
}

const ALL: readonly Interval[] = [[0, 0xffffffff]];

/** By block that one edge alone leads to: where from. */
function onlyPredecessors(blocks: Blocks): ReadonlyMap<BlockId, BlockId> {
  const entries = countEntries(blocks);
  const before = new Map<BlockId, BlockId>();
  for (const block of blocks.values()) {
    for (const to of targets(block)) if (entries.get(to) === 1) before.set(to, block.id);
  }
  return before;
}
