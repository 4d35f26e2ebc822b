import type { BlockId } from '@hookdump/filter';
import { findLists } from '../find.ts';
import { type Blocks, countEntries, type ListProgram } from '../graph.ts';
import { type Cube, cubesOf } from './cubes.ts';
import { type Group, groupsOf } from './groups.ts';
import { keptOf } from './kept.ts';
import { onesUpTo } from './question.ts';
import { growRegion, type TupleRegion } from './region.ts';
import { replace } from './replace.ts';

/** A list with fewer entries is left as tests. */
const FEWEST_ROWS = 16;

/** So many tests for an entry are more than those of one value. */
const TESTS_EACH = 1.5;

/** So many blocks are tried as the first of a region, and so much is one that then has no lists. */
const TRIES = 256;
const REGION_TRIES = 16;

/** So many numbers that a walk is given, beside the packet: registers for a call. */
const MOST_GIVEN = 2;

/** So many fields that a list and what stands beside it are about. */
const MOST_FIELDS = 32;

/** Entries that are no part of a list, in a region that has some. */
const MOST_ALONE = 64;

/**
 * Puts lists of tuples in the place of tests of several values that belong together: the four words
 * of IPv6 addresses and networks, sources with destinations, hosts with ports.
 *
 * @param fewestRows how many entries are worth a list
 * @returns the program with the blocks in order; the same object if there is no such list
 */
export function findTuples(program: ListProgram, fewestRows = FEWEST_ROWS): ListProgram {
  // Lists of single numbers are shorter where both will do.
  const listed = findLists(program);
  if (testsLeft(listed, listed.keys()) < fewestRows) return program;
  let found = program;
  let tries = TRIES;
  const entries = countEntries(program.blocks);
  const order = [...program.blocks.keys()];
  const passed = new Set<BlockId>();
  order.forEach((head, index) => {
    if (passed.has(head) || tries <= 0) return;
    const region = growRegion(program, head, order.slice(index), entries, fewestRows);
    const lists = region && listsOf(region, fewestRows);
    if (region === undefined || lists === undefined) {
      tries -= region === undefined ? 1 : REGION_TRIES;
      return;
    }
    for (const { block } of region.steps) passed.add(block);
    const blocks = region.steps.map(({ block }) => block);
    if (!lists.isOfTuples && testsLeft(listed, blocks) < fewestRows) return;
    const kept = keptOf(region, program);
    if (kept === undefined) return;
    found = replace(found, region, lists.exit, lists.groups, kept);
  });
  return found;
}

/** How many of some blocks still are tests where lists of single numbers have been found. */
function testsLeft(listed: Blocks, blocks: Iterable<BlockId>): number {
  return [...blocks].filter((id) => listed.get(id)?.end.kind === 'branch').length;
}

interface Lists {
  /** One number each is what findLists() is for, unless other tests stand between. */
  readonly isOfTuples: boolean;
  readonly exit: BlockId;
  readonly groups: readonly Group[];
}

function listsOf(region: TupleRegion, fewestRows: number): Lists | undefined {
  const given = region.expressions.all.filter(({ expression }) => expression.kind === 'given');
  if (given.length > MOST_GIVEN) return undefined;
  const bits = new Map(
    region.steps.map(({ question: { condition } }) => {
      const expression = region.expressions.all[Number(condition.field)];
      return [condition.field, expression === undefined ? 1 : onesUpTo(expression.most)];
    }),
  );
  if (bits.size > MOST_FIELDS) return undefined;
  for (const exit of likelyFirst(region)) {
    const cubes: readonly Cube[] | undefined = cubesOf(region, exit);
    if (cubes === undefined || cubes.length < fewestRows) continue;
    const groups = groupsOf(cubes, bits);
    const alone = groups.filter(({ list }) => list === undefined).length;
    if (cubes.length - alone < fewestRows || alone > MOST_ALONE) continue;
    const isOfTuples =
      region.steps.length >= TESTS_EACH * cubes.length ||
      groups.some(({ list }) => list !== undefined && 'rows' in list);
    return { isOfTuples, exit, groups };
  }
  return undefined;
}

/** The exits; first the one that more tests lead to where they hold than where they don't. */
function likelyFirst({ steps, exits }: TupleRegion): readonly BlockId[] {
  const [first, second] = exits;
  const count = (exit: BlockId): number =>
    steps.reduce((sum, { pass, fail }) => sum + Number(pass === exit) - Number(fail === exit), 0);
  return count(first) >= count(second) ? [first, second] : [second, first];
}
