import type { ValueId } from '@hookdump/filter';
import type { Prepared, PreparedBlock } from '../prepared.ts';
import type { Part } from './cut.ts';
import { type Asked, countLive, isAsked, rangesOf } from './live.ts';

/** What parts leave to those that follow. */
export interface Kept {
  /** By value that another part reads, or another block: the scratch word that holds it, a number of our own. */
  readonly words: ReadonlyMap<ValueId, number>;
  /** All scratch words, the program's and these, ascending. */
  readonly all: readonly number[];
  /** Values that each block computes again that reads them. */
  readonly repeated: ReadonlySet<ValueId>;
  /** The packet's length and ancillary data that the program asks for, each once. */
  readonly asked: readonly Asked[];
}

/** Values that may be needed at a time: more are neither in registers nor on the stack. */
const MOST_LIVE = 16;

/**
 * Gives a word to each value that crosses a cut; words are used again when nobody needs the value.
 * Where more values are needed at a time than registers hold, no block leaves one in a variable to
 * another: it is computed again, or has a word too.
 */
export function keep(parts: readonly Part[], prepared: Prepared, mostLive = MOST_LIVE): Kept {
  const blocks = parts.flat();
  const isCrowded = countLive(blocks, prepared).some((count) => count > mostLive);
  const repeated = isCrowded ? repeatable(blocks, prepared) : new Set<ValueId>();
  const partOf = parts.flatMap((part, index) => part.map(() => index));
  const words = new Map<ValueId, number>();
  const own = Math.max(-1, ...prepared.words) + 1;
  /** By word of ours: the last block that needs what is in it. */
  const busy: number[] = [];
  for (const [id, { first, last }] of rangesOf(blocks, prepared, repeated)) {
    const isLocal = isCrowded ? first === last : partOf[first] === partOf[last];
    if (isLocal || repeated.has(id)) continue;
    // Edges lead forward: behind the last block that reads a value its word is free.
    const free = busy.findIndex((until) => until < first);
    const word = free < 0 ? busy.length : free;
    busy[word] = last;
    words.set(id, own + word);
  }
  const all = [...[...prepared.words].sort((a, b) => a - b), ...busy.map((_, word) => own + word)];
  return { words, all, repeated, asked: askedOf(parts, prepared) };
}

/** Values that a block computes once more at most, for one that it reads. */
const MOST_REPEATED = 8;

/** What gives the same again, from little: loads, and arithmetic. */
function repeatable(blocks: readonly PreparedBlock[], prepared: Prepared): ReadonlySet<ValueId> {
  const costs = new Map<ValueId, number>();
  for (const { values } of blocks) {
    for (const value of values) {
      if (value.kind !== 'load' && value.kind !== 'arith') continue;
      if (prepared.constants.has(value.id)) continue;
      const operands = value.kind === 'load' ? [value.index] : [value.left, value.right];
      const cost = operands.reduce((sum, id) => sum + (costs.get(id as ValueId) ?? 0), 1);
      if (cost <= MOST_REPEATED) costs.set(value.id, cost);
    }
  }
  return new Set(costs.keys());
}

function askedOf(parts: readonly Part[], { uses }: Prepared): readonly Asked[] {
  const asked = new Map<string, Asked>();
  for (const { values } of parts.flat()) {
    for (const value of values) {
      if (isAsked(value) && uses.has(value.id)) asked.set(askedName(value), value);
    }
  }
  return [...asked].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

/** The field of the C struct that holds it. */
export const askedName = (value: Asked): string =>
  value.kind === 'length' ? 'length' : value.field.replaceAll('-', '_');
