import type { BlockId, ValueId } from '@hookdump/filter';
import type { PreparedBlock } from '../emit/prepared.ts';
import {
  type Blocks,
  countEntries,
  dropUnread,
  isPure,
  type ListProgram,
  reachable,
  targets,
} from './graph.ts';
import { complement, unite } from './intervals.ts';
import { listOf } from './list.ts';
import { findRegions, numbersFor, type Region } from './regions.ts';
import { shareLists } from './share.ts';

/**
 * A list of fewer tests is left as tests: each takes an instruction or two, a table eight.
 */
const FEWEST_TESTS = 8;

/**
 * Regions in a row, each of which leads to one exit or on to the next. Only the first may do more
 * than test, so that they can change places.
 */
interface Row {
  readonly regions: readonly Region[];
  readonly exit: BlockId;
  /** Where the last one leads on to. */
  readonly onward: BlockId;
}

/** Regions of a row that ask for one value. */
interface Group {
  readonly head: BlockId;
  readonly value: ValueId | undefined;
  readonly regions: Region[];
}

/**
 * Puts one test for a list in the place of tests of one value with constants, in whatever order they
 * stand: hosts, networks, ports and ranges of them, also under `not`, also where tests of two values
 * alternate. The program's meaning stays, with truncated packets too: no load and no division is
 * moved.
 *
 * @param fewestTests how many tests are worth a list
 * @returns the blocks, in order; the same object if there is no list
 */
export function findLists(program: ListProgram, fewestTests = FEWEST_TESTS): Blocks {
  const { blocks } = program;
  const entries = countEntries(blocks);
  const regions = findRegions(program, entries);
  const taken = new Set<BlockId>();
  const after = new Map(blocks);
  const hoisted = new Set<ValueId>();
  let found = false;
  for (const head of blocks.keys()) {
    const region = regions.get(head);
    if (region === undefined || taken.has(head)) continue;
    const row = findRow(region);
    for (const each of row.regions) taken.add(each.head);
    const groups = groupsOf(row.regions);
    if (!groups.some((group) => isList(group, fewestTests))) continue;
    found = true;
    write(row, groups);
  }
  return found ? shareLists(dropUnread(reachable(after), hoisted), program) : blocks;

  function findRow(first: Region): Row {
    const [left, right] = first.exits;
    const [to, exit] = follows(left.to, left.edges, right.to) ? [left, right.to] : [right, left.to];
    const row = [first];
    let { to: onward, edges } = to;
    for (let next = follows(onward, edges, exit); next; next = follows(onward, edges, exit)) {
      row.push(next);
      ({ to: onward, edges } = next.exits[0].to === exit ? next.exits[1] : next.exits[0]);
    }
    return { regions: row, exit, onward };
  }

  /** The region at a block, if it does nothing but test, after one other, and has this exit. */
  function follows(at: BlockId, edges: number, exit: BlockId): Region | undefined {
    const region = regions.get(at);
    if (region === undefined || edges !== entries.get(at) || !isPure(program, at)) return undefined;
    return region.exits.some(({ to }) => to === exit) ? region : undefined;
  }

  function write({ regions: row, exit, onward }: Row, groups: readonly Group[]): void {
    const first = row[0]!.head;
    const moved = row
      .flatMap((region) => blocksOf(region, blocks))
      .filter((block) => block.id !== first)
      .flatMap(({ values }) => values);
    for (const { id } of moved) hoisted.add(id);
    groups.forEach((group, index) => {
      const { head } = group;
      const next = groups[index + 1]?.head ?? onward;
      const values = head === first ? [...blocks.get(head)!.values, ...moved] : [];
      after.set(head, { id: head, values, end: endOf(group, exit, next) });
    });
  }

  function endOf(group: Group, exit: BlockId, next: BlockId): PreparedBlock['end'] {
    const [region] = group.regions as [Region];
    const { end } = blocks.get(region.head)!;
    if (group.regions.length === 1 && region.tests === 1 && end.kind === 'branch') {
      const [yes, no] = end.yes === exit ? [exit, next] : [next, exit];
      return { ...end, yes, no };
    }
    const numbers = unite(group.regions.flatMap((each) => numbersFor(each, exit)));
    const others = complement(numbers, region.most);
    if (numbers.length === 0) return { kind: 'jump', to: next };
    if (others.length === 0) return { kind: 'jump', to: exit };
    // What is left out may be what somebody wrote: `not (host a or host b or …)`.
    const asWritten = numbers.length <= others.length;
    const list = listOf(asWritten ? numbers : others);
    const [yes, no] = asWritten ? [exit, next] : [next, exit];
    return { kind: 'member', values: [group.value!], list, yes, no };
  }
}

/** By value, in the order of their first regions; what is not about intervals stays alone. */
function groupsOf(regions: readonly Region[]): readonly Group[] {
  const groups: Group[] = [];
  const byValue = new Map<ValueId, Group>();
  for (const region of regions) {
    const known = region.value === undefined ? undefined : byValue.get(region.value);
    if (known !== undefined) known.regions.push(region);
    else {
      const group = { head: region.head, value: region.value, regions: [region] };
      groups.push(group);
      if (region.value !== undefined) byValue.set(region.value, group);
    }
  }
  return groups;
}

function isList({ value, regions }: Group, fewest: number): boolean {
  return value !== undefined && regions.reduce((sum, { tests }) => sum + tests, 0) >= fewest;
}

function blocksOf({ head, exits }: Region, blocks: Blocks): readonly PreparedBlock[] {
  const seen = new Set<BlockId>([head, exits[0].to, exits[1].to]);
  const found: PreparedBlock[] = [];
  const work = [head];
  for (let id = work.pop(); id !== undefined; id = work.pop()) {
    const block = blocks.get(id)!;
    found.push(block);
    for (const to of targets(block)) {
      if (seen.has(to)) continue;
      seen.add(to);
      work.push(to);
    }
  }
  return found.sort((a, b) => a.id - b.id);
}
