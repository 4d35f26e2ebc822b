import type { BlockId, Value, ValueId } from '@hookdump/filter';
import type { Prepared, PreparedBlock, PreparedEnd } from '../prepared.ts';
import { targets } from '../prepared.ts';

export type Load = Value & { kind: 'load' };

/** A scratch word where ways meet that have put different numbers into it. */
export interface Phi {
  readonly block: BlockId;
  /** What it holds on each way that leads there. */
  readonly ways: readonly { readonly from: BlockId; readonly value: ValueId }[];
}

/**
 * A program for straight code: whatever is computed, is computed for each packet, and so only once.
 */
export interface Unified {
  /**
   * The program with one value for all that are equal. Scratch words are gone: what was looked up is
   * the value that was put there, or else a phi, a `recall` that stands in no block. Stores have no
   * meaning any more.
   */
  readonly prepared: Prepared;
  readonly phis: ReadonlyMap<ValueId, Phi>;
  /** The value that stands for a value of the original program. */
  readonly same: (id: ValueId) => ValueId;
}

/** What a load reads, for those that read the same. `index`: without one that is constant. */
export type LoadKey = (load: Load, index: ValueId | undefined, offset: number) => string;

export const byIndex: LoadKey = ({ size }, index, offset) => `${size}[${index}+${offset}]`;

export function unify(original: Prepared, loadKey: LoadKey): Unified {
  const ids = new Ids(original);
  const byId = new Map(original.byId);
  const constants = new Map(original.constants);
  const known = new Map<string, ValueId>();
  const sames = new Map<ValueId, ValueId>();
  const same = (id: ValueId): ValueId => sames.get(id) ?? id;
  const phis = new Map<ValueId, Phi>();
  const words = new Map<BlockId, ReadonlyMap<number, ValueId>>();
  const blocks = new Map<BlockId, PreparedBlock>();
  const constant = (value: number): ValueId => {
    const id = known.get(`#${value}`) ?? ids.constant(value);
    known.set(`#${value}`, id);
    byId.set(id, { kind: 'const', id, value });
    constants.set(id, value);
    return id;
  };
  for (const [id, value] of original.constants) sames.set(id, constant(value));

  const ways = waysTo(original);
  for (const block of original.blocks.values()) {
    const held = new Map<number, ValueId>();
    const from = ways.get(block.id) ?? [];
    for (const word of new Set(from.flatMap((each) => [...words.get(each)!.keys()]))) {
      const values = from.map((each) => words.get(each)!.get(word) ?? constant(0));
      const phi = ids.phi(block.id, word);
      if (values.every((value) => value === values[0])) {
        sames.set(phi, values[0]!);
        held.set(word, values[0]!);
        continue;
      }
      phis.set(phi, {
        block: block.id,
        ways: from.map((each, at) => ({ from: each, value: values[at]! })),
      });
      byId.set(phi, { kind: 'recall', id: phi, word });
      held.set(word, phi);
    }
    const values: Value[] = [];
    for (const value of block.values) {
      if (constants.has(value.id) && value.kind !== 'store') continue;
      if (value.kind === 'recall') {
        sames.set(value.id, held.get(value.word) ?? constant(0));
        continue;
      }
      const led = redirected(value, same);
      if (led.kind === 'store') {
        held.set(led.word, led.value);
        sames.set(led.id, led.value);
        values.push(led);
        continue;
      }
      const key = keyOf(led, constants, loadKey);
      const first = known.get(key);
      if (first !== undefined) {
        sames.set(value.id, first);
        continue;
      }
      known.set(key, value.id);
      byId.set(value.id, led);
      values.push(led);
    }
    words.set(block.id, held);
    blocks.set(block.id, { id: block.id, values, end: redirectedEnd(block.end, same) });
  }
  const prepared = {
    blocks,
    byId,
    constants,
    words: new Set<number>(),
    stores: new Set<ValueId>(),
  };
  return { prepared: { ...prepared, uses: countUses(blocks) }, phis, same };
}

/** Numbers for values that the program does not have: the same each time. */
class Ids {
  readonly #first: number;

  constructor({ byId }: Prepared) {
    this.#first = [...byId.keys()].reduce((most, id) => Math.max(most, id), 0) + 1;
  }

  /** Above those of phis. */
  constant(value: number): ValueId {
    return (this.#first + 2 ** 40 + value) as ValueId;
  }

  phi(block: BlockId, word: number): ValueId {
    return (this.#first + block * MAX_WORDS + word) as ValueId;
  }
}

/** BPF_MEMWORDS (include/uapi/linux/filter.h). */
const MAX_WORDS = 16;

/** By block: those that lead to it. */
export function waysTo({ blocks }: Prepared): ReadonlyMap<BlockId, readonly BlockId[]> {
  const ways = new Map<BlockId, BlockId[]>();
  for (const block of blocks.values()) {
    for (const to of new Set(targets(block))) {
      ways.set(to, [...(ways.get(to) ?? []), block.id]);
    }
  }
  return ways;
}

function redirected(value: Value, same: (id: ValueId) => ValueId): Value {
  switch (value.kind) {
    case 'load':
      return value.index === undefined ? value : { ...value, index: same(value.index) };
    case 'arith':
      return { ...value, left: same(value.left), right: same(value.right) };
    case 'store':
      return { ...value, value: same(value.value) };
    default:
      return value;
  }
}

function redirectedEnd(end: PreparedEnd, same: (id: ValueId) => ValueId): PreparedEnd {
  if (end.kind === 'member') return { ...end, values: end.values.map(same) };
  if (end.kind !== 'branch') return end;
  const { op, left, right } = end.test;
  return { ...end, test: { op, left: same(left), right: same(right) } };
}

/** Equal for values that are equal for every packet. */
function keyOf(value: Value, constants: ReadonlyMap<ValueId, number>, loadKey: LoadKey): string {
  if (value.kind === 'arith') return `${value.left}${value.op}${value.right}`;
  if (value.kind === 'length') return 'length';
  if (value.kind !== 'load') return `${value.kind} ${value.id}`;
  const known = value.index === undefined ? 0 : constants.get(value.index);
  const index = known === undefined ? value.index : undefined;
  return loadKey(value, index, value.offset + (known ?? 0));
}

function countUses(blocks: ReadonlyMap<BlockId, PreparedBlock>): ReadonlyMap<ValueId, number> {
  const uses = new Map<ValueId, number>();
  const use = (...ids: readonly ValueId[]): void => {
    for (const id of ids) uses.set(id, (uses.get(id) ?? 0) + 1);
  };
  for (const { values, end } of blocks.values()) {
    for (const value of values) {
      if (value.kind === 'arith') use(value.left, value.right);
      if (value.kind === 'load' && value.index !== undefined) use(value.index);
      if (value.kind === 'store') use(value.value);
    }
    if (end.kind === 'branch') use(end.test.left, end.test.right);
    if (end.kind === 'member') use(...end.values);
  }
  return uses;
}
