import type { BlockId, ValueId } from '@hookdump/filter';
import {
  isChoice,
  mayReject,
  type Prepared,
  type PreparedBlock,
  type PreparedEnd,
  targets,
} from '../prepared.ts';
import { wordName } from '../print/expression.ts';
import type { Part } from './cut.ts';
import { askedName, type Kept } from './kept.ts';
import { isAsked } from './live.ts';
import { GO_ON, KEPT, type PartNames } from './names.ts';
import { type Made, valuesOf } from './values.ts';

/** A part as a program of its own. */
export interface PartProgram {
  readonly prepared: Prepared;
  readonly names: PartNames;
  /** The blocks of the whole that it can be entered at, ascending. */
  readonly entries: readonly BlockId[];
}

/** The parameter that says at which block a part is entered. */
const FROM = 'from';

/** Whether a block does nothing but return: it stands in each part that leads to it. */
export function isReturn({ values, end }: PreparedBlock, { constants }: Prepared): boolean {
  const acts = values.some((value) => value.kind === 'load' || mayReject(value, constants));
  return end.kind === 'return' && !acts;
}

/** By part: the blocks that others lead to from in front of it; of the first, the program's first. */
export function findEntries(
  parts: readonly Part[],
  partOf: ReadonlyMap<BlockId, number>,
): readonly (readonly BlockId[])[] {
  const entries = parts.map(() => new Set<BlockId>());
  entries[0]!.add(parts[0]![0]!.id);
  for (const [index, part] of parts.entries()) {
    for (const to of part.flatMap(targets)) {
      const led = partOf.get(to);
      if (led !== undefined && led !== index) entries[led]!.add(to);
    }
  }
  return entries.map((each) => [...each].sort((a, b) => a - b));
}

/**
 * Blocks under numbers of their own: first tests for where the part is entered, if that is not clear,
 * then its blocks, then a return for each block outside that it leads to.
 */
export function partProgram(
  part: Part,
  entries: readonly BlockId[],
  kept: Kept,
  prepared: Prepared,
): PartProgram {
  const numbered = new Numbering(Math.max(0, entries.length - 1));
  const byId = new Map(prepared.byId);
  const constants = new Map(prepared.constants);
  const stores = new Set(prepared.stores);
  const uses = new Map(prepared.uses);
  const names = new Map<ValueId, string>();
  let next = 1 + Math.max(-1, ...prepared.byId.keys());
  const fresh = (): ValueId => next++ as ValueId;

  for (const [id, value] of prepared.byId) {
    if (isAsked(value)) names.set(id, `${KEPT}${askedName(value)}`);
  }
  for (const [id, word] of kept.words) {
    byId.set(id, { kind: 'recall', id, word });
    names.set(id, `${KEPT}${wordName(word)}`);
  }

  const made: Made = {
    aside(value, times) {
      const copy = { ...value, id: fresh() };
      byId.set(copy.id, copy);
      if (times > 0) uses.set(copy.id, times);
      return copy;
    },
    store(word, value) {
      const id = fresh();
      stores.add(id);
      return { kind: 'store', id, word, value };
    },
  };
  const blocks = new Map<BlockId, PreparedBlock>();
  const add = (block: PreparedBlock): void => void blocks.set(block.id, block);
  for (const { id } of part) numbered.of(id);
  const from = fresh();
  names.set(from, FROM);
  byId.set(from, { kind: 'recall', id: from, word: -1 });
  entries.slice(0, -1).forEach((entry, index) => {
    const number = fresh();
    constants.set(number, entry);
    const otherwise = index === entries.length - 2 ? numbered.of(entries[index + 1]!) : index + 1;
    add({
      id: index as BlockId,
      values: [],
      end: {
        kind: 'branch',
        test: { op: '==', left: from, right: number },
        yes: numbered.of(entry),
        no: otherwise as BlockId,
      },
    });
  });
  for (const block of part) {
    const values = valuesOf(block, kept, prepared, made);
    add({ id: numbered.of(block.id), values, end: renumberEnd(block.end, numbered) });
  }
  for (const [outside, id] of numbered.outside(part)) {
    const end = prepared.blocks.get(outside)!;
    const value =
      isReturn(end, prepared) && end.end.kind === 'return' ? end.end.value : GO_ON + outside;
    add({ id, values: [], end: { kind: 'return', value } });
  }
  const words = new Set(kept.all);
  return {
    prepared: { ...prepared, blocks, byId, constants, stores, uses, words },
    names,
    entries,
  };
}

/** Numbers of blocks in a part, given in the order in which they are asked for. */
class Numbering {
  readonly #ids = new Map<BlockId, BlockId>();
  readonly #first: number;

  constructor(first: number) {
    this.#first = first;
  }

  of(id: BlockId): BlockId {
    const known = this.#ids.get(id);
    if (known !== undefined) return known;
    const made = (this.#first + this.#ids.size) as BlockId;
    this.#ids.set(id, made);
    return made;
  }

  outside(part: Part): readonly (readonly [BlockId, BlockId])[] {
    const inside = new Set(part.map(({ id }) => id));
    return [...this.#ids].filter(([id]) => !inside.has(id));
  }
}

/** The same end, of the CAREFUL way, for which an early test is like any other. */
function renumberEnd(end: PreparedEnd, numbered: Numbering): PreparedEnd {
  if (end.kind === 'jump') return { ...end, to: numbered.of(end.to) };
  if (!isChoice(end)) return end;
  const led = { yes: numbered.of(end.yes), no: numbered.of(end.no) };
  if (end.kind === 'branch') return { kind: 'branch', test: end.test, ...led };
  return { ...end, ...led };
}
