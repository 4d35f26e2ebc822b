import type { Block, BlockId, Program, Terminator, Value, ValueId } from '@hookdump/filter';
import { shapeOf } from './dominators.ts';

/** Blocks that a shared tail may have to be written again for each way that leads to it. */
const SMALL = 8;

/** Blocks that may be added to a program in all. */
const BUDGET = 64;

/**
 * Gives each way to a shared tail a copy of its own where the tail loads from where a scratch word
 * says, and the way knows what that is: `tcp port 80` looks behind an IPv6 header and behind an IPv4
 * header, and a constant offset is worth more than a shorter text.
 */
export function splitTails(program: Program): Program {
  const blocks = new Map(program.blocks.map((block) => [block.id, block]));
  const shape = shapeOf(blocks);
  const regions = regionsUnder(program, shape.dominator);
  const ways = predecessors(program);
  const copier = new Copier(program);
  const order: Block[] = [];
  const turned = new Map<BlockId, Map<BlockId, BlockId>>();
  let budget = BUDGET;
  for (const block of program.blocks) {
    const region = (regions.get(block.id) ?? []).map((id) => blocks.get(id)!);
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
  const led = order.map((block) => redirect(block, turned.get(block.id)));
  return { ...program, blocks: renumber(led) };
}

/** By block: the blocks that are reached only through it, itself first, in the program's order. */
function regionsUnder(
  { blocks }: Program,
  dominator: ReadonlyMap<BlockId, BlockId>,
): ReadonlyMap<BlockId, readonly BlockId[]> {
  const regions = new Map<BlockId, BlockId[]>(blocks.map(({ id }) => [id, [id]]));
  for (const { id } of blocks) {
    // Regions beyond this size are not looked at; a long chain would make lists of all lengths.
    let above = dominator.get(id);
    for (let steps = 0; above !== undefined && steps <= SMALL; steps++) {
      regions.get(above)!.push(id);
      above = dominator.get(above);
    }
  }
  return regions;
}

function predecessors({ blocks }: Program): ReadonlyMap<BlockId, readonly BlockId[]> {
  const found = new Map<BlockId, BlockId[]>();
  for (const { id, end } of blocks) {
    for (const to of end.kind === 'branch' ? new Set([end.yes, end.no]) : []) {
      const known = found.get(to);
      if (known === undefined) found.set(to, [id]);
      else known.push(id);
    }
  }
  return found;
}

/** The words that say where the region loads from; none if it stores into one of them itself. */
function wordsOf(region: readonly Block[]): readonly number[] {
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
  blocks: ReadonlyMap<BlockId, Block>,
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

  constructor({ blocks }: Program) {
    this.#block = blocks.length;
    this.#value = 1 + Math.max(-1, ...blocks.flatMap(({ values }) => values.map(({ id }) => id)));
  }

  /** @param known what looking at a word gives there */
  copy(region: readonly Block[], known: ReadonlyMap<number, ValueId>): readonly Block[] {
    const targets = new Map(region.map(({ id }) => [id, this.#block++ as BlockId]));
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
      return {
        id: targets.get(id)!,
        values: copied,
        end: redirectEnd(renamedEnd(end, idOf), targets),
      };
    });
  }
}

function renamed(value: Value, idOf: (id: ValueId) => ValueId): Value {
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

function renamedEnd(end: Terminator, idOf: (id: ValueId) => ValueId): Terminator {
  if (end.kind === 'return') return end;
  if (end.kind === 'return-value') return { ...end, value: idOf(end.value) };
  const { op, left, right } = end.test;
  return { ...end, test: { op, left: idOf(left), right: idOf(right) } };
}

function redirectEnd(end: Terminator, to: ReadonlyMap<BlockId, BlockId>): Terminator {
  if (end.kind !== 'branch') return end;
  return { ...end, yes: to.get(end.yes) ?? end.yes, no: to.get(end.no) ?? end.no };
}

const redirect = (block: Block, to: ReadonlyMap<BlockId, BlockId> | undefined): Block =>
  to === undefined ? block : { ...block, end: redirectEnd(block.end, to) };

/** Blocks in order, each under its index. */
function renumber(blocks: readonly Block[]): readonly Block[] {
  const ids = new Map(blocks.map(({ id }, index) => [id, index as BlockId]));
  return blocks.map(({ id, values, end }) => ({
    id: ids.get(id)!,
    values,
    end: redirectEnd(end, ids),
  }));
}
