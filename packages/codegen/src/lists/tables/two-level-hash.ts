import {
  bytesOf,
  isSameKey,
  type Key,
  type Multipliers,
  multipliersFor,
  printIsAt,
  printKeys,
  printProduct,
  productOf,
} from './keys.ts';
import { type KeyTable, numberKeys, shifted } from './shift.ts';
import { hex, printArray, typeFor } from './text.ts';
import type { Table } from './types.ts';

/** So many multipliers are tried before the table is made larger. */
const TRIES = 8;

interface Layout {
  readonly factors: Multipliers;
  readonly bucketBits: number;
  readonly slotBits: number;
  /** By bucket: what is XORed to the slots of its numbers. */
  readonly moves: Uint32Array;
  readonly slots: readonly Key[];
}

/**
 * A table for any count of numbers, in little more memory than they take: "hash, displace, and
 * compress" (Belazzougui, Botelho, Dietzfelbinger 2009). A multiplication gives each number a bucket
 * and a slot; each bucket moves the slots of its numbers to where none is taken. Time to build is
 * linear. Slots without a number of their own: as in {@link hash}.
 *
 * @param numbers without doubles, at least one
 * @param shift numbers are compared with the value without its so many lowest bits
 */
export function twoLevelHash(numbers: readonly number[], shift = 0): Table {
  return shifted(twoLevelHashOfKeys(numberKeys(numbers)), shift);
}

/** The same for keys, all of one width. */
export function twoLevelHashOfKeys(keys: readonly Key[]): KeyTable {
  const layout = findLayout(keys);
  const { factors, bucketBits, moves, slots } = layout;
  const bytesOfMoves = moves.length * typeFor(moves.reduce((a, b) => Math.max(a, b), 0)).bytes;
  return {
    kind: 'two-level hash',
    bytes: bytesOfMoves + bytesOf(slots),
    has: (key) => {
      const product = productOf(key, factors);
      const move = moves[product >>> (32 - bucketBits)]!;
      const slot = slots[(firstSlot(product, layout) ^ move) & (slots.length - 1)]!;
      return isSameKey(slot, key);
    },
    arrays: (name) => [...printArray(`${name}_moves`, moves), ...printKeys(name, slots)],
    body: (name) => [
      `__u32 hash = ${printProduct(factors)};`,
      `__u64 slot = hash >> ${slotShift(layout)} ^ ${name}_moves[hash >> ${32 - bucketBits}];`,
      '',
      // Or compilers mask before the XOR, of which Linux before 6.10 forgets all that it knew.
      'opaque(slot);',
      ...printIsAt(name, `slot & ${hex(slots.length - 1)}`, keys[0]!.length),
    ],
  };
}

type Sizes = Pick<Layout, 'bucketBits' | 'slotBits'>;

/** The bits of a slot follow those of the bucket as far as there are any. */
const slotShift = ({ bucketBits, slotBits }: Sizes): number =>
  Math.max(0, 32 - bucketBits - slotBits);

const firstSlot = (product: number, sizes: Sizes): number =>
  (product >>> slotShift(sizes)) & (2 ** sizes.slotBits - 1);

function findLayout(keys: readonly Key[]): Layout {
  const bucketBits = Math.max(1, Math.ceil(Math.log2(keys.length / 2)));
  let slotBits = Math.max(2, Math.ceil(Math.log2(keys.length + 1)));
  let tried = 0;
  for (const factors of multipliersFor(keys[0]!.length)) {
    const layout = tryLayout(keys, factors, { bucketBits, slotBits });
    if (layout !== undefined) return layout;
    if (++tried % TRIES === 0) slotBits++;
  }
  throw new Error('there is no end of multipliers');
}

function tryLayout(keys: readonly Key[], factors: Multipliers, sizes: Sizes): Layout | undefined {
  const moves = new Uint32Array(2 ** sizes.bucketBits);
  const slots = new Array<Key>(2 ** sizes.slotBits).fill(keys[0]!);
  const isTaken = new Uint8Array(slots.length);
  const buckets = new Map<number, Key[]>();
  for (const key of keys) {
    const bucket = productOf(key, factors) >>> (32 - sizes.bucketBits);
    const known = buckets.get(bucket);
    if (known === undefined) buckets.set(bucket, [key]);
    else known.push(key);
  }
  let free = 0;
  // The large ones first, while there is room; a number alone goes wherever there is any.
  for (const [bucket, own] of [...buckets].sort((a, b) => b[1].length - a[1].length)) {
    const places = own.map((key) => firstSlot(productOf(key, factors), sizes));
    if (new Set(places).size < places.length) return undefined;
    let move = 0;
    if (places.length === 1) {
      while (isTaken[free] === 1) free++;
      move = places[0]! ^ free;
    } else while (move < slots.length && places.some((each) => isTaken[each ^ move] === 1)) move++;
    if (move === slots.length) return undefined;
    moves[bucket] = move;
    own.forEach((key, index) => {
      const slot = places[index]! ^ move;
      slots[slot] = key;
      isTaken[slot] = 1;
    });
  }
  return { factors, ...sizes, moves, slots };
}
