import type { BlockId, Value, ValueId } from '@hookdump/filter';
import { type Constants, constantsOf } from '../decide.ts';
import { shapeOf } from '../facts/dominators.ts';
import { isChoice, type PreparedBlock, type PreparedEnd, targets } from '../prepared.ts';

type Blocks = ReadonlyMap<BlockId, PreparedBlock>;

/** A program before its uses are counted. */
export interface SplitProgram {
  /** Those that can be reached, in an order in which every edge leads forward. */
  readonly blocks: Blocks;
  readonly byId: ReadonlyMap<ValueId, Value>;
  readonly constants: Constants;
}

/** Blocks that a shared tail may have to be written again for each way that leads to it. */
const SMALL = 8;

/** Blocks that may be added to a program in all. */
const BUDGET = 64;

/**
 * Gives each way to a shared tail a copy of its own where the tail loads from where a scratch word
 * says, and the way knows what that is: `tcp port 80` looks behind an IPv6 header and behind an IPv4
 * header, and a constant offset is worth more than a shorter text. Lists should have been found by
 * then, so that a tail which asks for one is short.
 */
export function splitTails(program: SplitProgram): SplitProgram {
  const { blocks } = program;
  const shape = shapeOf(blocks);
  const regions = regionsUnder(blocks, shape.dominator);
  const ways = predecessors(blocks);
  const copier = new Copier(program);
  const order: PreparedBlock[] = [];
  const turned = new Map<BlockId, Map<BlockId, BlockId>>();
  let budget = BUDGET;
  for (const block of blocks.values()) {
    const region = regions.get(block.id)!.map((id) => blocks.get(id)!);
    const words = shape.merges.has(block.id) && region.length <= SMALL ? wordsOf(region) : [];
    for (const way of words.length === 0 ? [] : ways.get(block.id)!) {
      const stored = words.map((word) => lastStored(word, way, blocks, ways));
      if (region.length > budget || stored.some((id) => id === undefined)) continue;
      budget -= region.length;
      const known = new Map(words.map((word, index) => [word, stored[index]!]));
      const copy = copier.copy(region, known);
      order.push(...copy);
      turned.set(way, (turned.get(way) ?? new Map()).set(block.id, copy[0]!.id));
    }
    order.push(block);
  }
  if (turned.size === 0) return program;
  return settled(order.map((block) => redirect(block, turned.get(block.id))));
}

/** Leaves out what is not reached any more, and numbers the rest in order. */
function settled(order: readonly PreparedBlock[]): SplitProgram {
  const reached = new Set([order[0]!.id]);
  for (const block of order) {
    if (reached.has(block.id)) for (const to of targets(block)) reached.add(to);
  }
  const kept = order.filter(({ id }) => reached.has(id));
  const ids = new Map(kept.map(({ id }, index) => [id, index as BlockId]));
  const blocks = kept.map(({ id, values, end }) => ({
    id: ids.get(id)!,
    values,
    end: redirectEnd(end, ids),
  }));
  return {
    blocks: new Map(blocks.map((block) => [block.id, block])),
    byId: new Map(
      blocks.flatMap(({ values }) => values.map((value) => [value.id, value] as const)),
    ),
    constants: constantsOf({ blocks }),
  };
}

/** By block: the blocks that are reached only through it, itself first, in the program's order. */
function regionsUnder(
  blocks: Blocks,
  dominator: ReadonlyMap<BlockId, BlockId>,
): ReadonlyMap<BlockId, readonly BlockId[]> {
  const regions = new Map<BlockId, BlockId[]>([...blocks.keys()].map((id) => [id, [id]]));
  for (const id of blocks.keys()) {
    // Regions beyond this size are not looked at; a long chain would make lists of all lengths.
    let above = dominator.get(id);
    for (let steps = 0; above !== undefined && steps <= SMALL; steps++) {
      regions.get(above)!.push(id);
      above = dominator.get(above);
    }
  }
  return regions;
}

function predecessors(blocks: Blocks): ReadonlyMap<BlockId, readonly BlockId[]> {
  const found = new Map<BlockId, BlockId[]>();
  for (const block of blocks.values()) {
    for (const to of new Set(targets(block))) {
      const known = found.get(to);
      if (known === undefined) found.set(to, [block.id]);
      else known.push(block.id);
    }
  }
  return found;
}

/** The words that say where the region loads from; none if it stores into one of them itself. */
function wordsOf(region: readonly PreparedBlock[]): readonly number[] {
  const values = region.flatMap((block) => block.values);
  const recalls = new Map<ValueId, number>();
  const stored = new Set<number>();
  const indices = new Set<number>();
  for (const value of values) {
    if (value.kind === 'recall') recalls.set(value.id, value.word);
    if (value.kind === 'store') stored.add(value.word);
    const word = value.kind === 'load' ? recalls.get(value.index as ValueId) : undefined;
    if (word !== undefined) indices.add(word);
  }
  return [...indices].some((word) => stored.has(word)) ? [] : [...indices];
}

/** What a word holds behind a block, if that is the same on all ways to it, as far as is easily seen. */
function lastStored(
  word: number,
  from: BlockId,
  blocks: Blocks,
  ways: ReadonlyMap<BlockId, readonly BlockId[]>,
): ValueId | undefined {
  for (let id: BlockId | undefined = from; id !== undefined; ) {
    for (const value of [...blocks.get(id)!.values].reverse()) {
      if (value.kind === 'store' && value.word === word) return value.value;
    }
    const above: readonly BlockId[] = ways.get(id) ?? [];
    id = above.length === 1 ? above[0] : undefined;
  }
  return undefined;
}

/** Copies blocks under numbers that are new. */
class Copier {
  #block: number;
  #value: number;

  constructor({ blocks, byId }: SplitProgram) {
    this.#block = 1 + Math.max(...blocks.keys());
    this.#value = 1 + Math.max(-1, ...byId.keys());
  }

  /** @param known what looking at a word gives there */
  copy(
    region: readonly PreparedBlock[],
    known: ReadonlyMap<number, ValueId>,
  ): readonly PreparedBlock[] {
    const to = new Map(region.map(({ id }) => [id, this.#block++ as BlockId]));
    const ids = new Map<ValueId, ValueId>();
    const idOf = (id: ValueId): ValueId => ids.get(id) ?? id;
    return region.map(({ id, values, end }) => {
      const copied: Value[] = [];
      for (const value of values) {
        const word = value.kind === 'recall' ? known.get(value.word) : undefined;
        if (word !== undefined) {
          ids.set(value.id, word);
          continue;
        }
        ids.set(value.id, this.#value++ as ValueId);
        copied.push(renamed(value, idOf));
      }
      return { id: to.get(id)!, values: copied, end: redirectEnd(renamedEnd(end, idOf), to) };
    });
  }
}

/** A value that reads others, and is itself, under other numbers. */
export function renamed(value: Value, idOf: (id: ValueId) => ValueId): Value {
  const id = idOf(value.id);
  switch (value.kind) {
    case 'load':
      return value.index === undefined
        ? { ...value, id }
        : { ...value, id, index: idOf(value.index) };
    case 'arith':
      return { ...value, id, left: idOf(value.left), right: idOf(value.right) };
    case 'store':
      return { ...value, id, value: idOf(value.value) };
    case 'const':
    case 'length':
    case 'ancillary':
    case 'recall':
      return { ...value, id };
    default:
      return value satisfies never;
  }
}

/** The same for a block's end. */
export function renamedEnd(end: PreparedEnd, idOf: (id: ValueId) => ValueId): PreparedEnd {
  switch (end.kind) {
    case 'return':
    case 'jump':
    case 'way':
      return end;
    case 'return-value':
      return { ...end, value: idOf(end.value) };
    case 'branch': {
      const { op, left, right } = end.test;
      return { ...end, test: { op, left: idOf(left), right: idOf(right) } };
    }
    case 'member':
    case 'walk':
      return { ...end, values: end.values.map(idOf) };
    case 'wide':
      return { ...end, loads: [idOf(end.loads[0]), idOf(end.loads[1])] };
    default:
      return end satisfies never;
  }
}

function redirectEnd(end: PreparedEnd, to: ReadonlyMap<BlockId, BlockId>): PreparedEnd {
  if (end.kind === 'jump') return { ...end, to: to.get(end.to) ?? end.to };
  return isChoice(end)
    ? { ...end, yes: to.get(end.yes) ?? end.yes, no: to.get(end.no) ?? end.no }
    : end;
}

const redirect = (
  block: PreparedBlock,
  to: ReadonlyMap<BlockId, BlockId> | undefined,
): PreparedBlock => (to === undefined ? block : { ...block, end: redirectEnd(block.end, to) });
