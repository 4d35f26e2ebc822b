import { multipliers } from './random.ts';
import { hex, printArray, typeFor } from './text.ts';
import type { Table } from './types.ts';

/** So many multipliers are tried before the table is made larger. */
const TRIES = 8;

interface Layout {
  readonly multiplier: number;
  readonly bucketBits: number;
  readonly slotBits: number;
  /** By bucket: what is XORed to the slots of its numbers. */
  readonly moves: Uint32Array;
  readonly slots: Uint32Array;
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
  const layout = findLayout(numbers);
  const { multiplier, bucketBits, moves, slots } = layout;
  const bytes = [moves, slots].map((all) => {
    return all.length * typeFor(all.reduce((a, b) => Math.max(a, b), 0)).bytes;
  });
  return {
    kind: 'two-level hash',
    bytes: bytes[0]! + bytes[1]!,
    has: (value) => {
      const number = value >>> shift;
      const product = Math.imul(number, multiplier) >>> 0;
      const move = moves[product >>> (32 - bucketBits)]!;
      return slots[(firstSlot(product, layout) ^ move) & (slots.length - 1)] === number;
    },
    arrays: (name) => [
      ...printArray(`${name}_moves`, moves),
      ...printArray(`${name}_numbers`, slots),
    ],
    body: (name) => [
      ...(shift === 0 ? [] : [`value >>= ${shift};`]),
      `__u32 hash = value * ${hex(multiplier)};`,
      `__u32 move = ${name}_moves[hash >> ${32 - bucketBits}];`,
      '',
      `return ${name}_numbers[(hash >> ${slotShift(layout)} ^ move) & ${hex(slots.length - 1)}] == value;`,
    ],
  };
}

type Sizes = Pick<Layout, 'bucketBits' | 'slotBits'>;

/** The bits of a slot follow those of the bucket as far as there are any. */
const slotShift = ({ bucketBits, slotBits }: Sizes): number =>
  Math.max(0, 32 - bucketBits - slotBits);

const firstSlot = (product: number, sizes: Sizes): number =>
  (product >>> slotShift(sizes)) & (2 ** sizes.slotBits - 1);

function findLayout(numbers: readonly number[]): Layout {
  const bucketBits = Math.max(1, Math.ceil(Math.log2(numbers.length / 2)));
  let slotBits = Math.max(2, Math.ceil(Math.log2(numbers.length + 1)));
  let tried = 0;
  for (const multiplier of multipliers()) {
    const layout = tryLayout(numbers, multiplier, { bucketBits, slotBits });
    if (layout !== undefined) return layout;
    if (++tried % TRIES === 0) slotBits++;
  }
  throw new Error('there is no end of multipliers');
}

function tryLayout(
  numbers: readonly number[],
  multiplier: number,
  sizes: Sizes,
): Layout | undefined {
  const moves = new Uint32Array(2 ** sizes.bucketBits);
  const slots = new Uint32Array(2 ** sizes.slotBits).fill(numbers[0]!);
  const isTaken = new Uint8Array(slots.length);
  const buckets = new Map<number, number[]>();
  for (const number of numbers) {
    const product = Math.imul(number, multiplier) >>> 0;
    const bucket = product >>> (32 - sizes.bucketBits);
    const known = buckets.get(bucket);
    if (known === undefined) buckets.set(bucket, [number]);
    else known.push(number);
  }
  let free = 0;
  // The large ones first, while there is room; a number alone goes wherever there is any.
  for (const [bucket, own] of [...buckets].sort((a, b) => b[1].length - a[1].length)) {
    const places = own.map((number) => firstSlot(Math.imul(number, multiplier) >>> 0, sizes));
    if (new Set(places).size < places.length) return undefined;
    let move = 0;
    if (places.length === 1) {
      while (isTaken[free] === 1) free++;
      move = places[0]! ^ free;
    } else while (move < slots.length && places.some((each) => isTaken[each ^ move] === 1)) move++;
    if (move === slots.length) return undefined;
    moves[bucket] = move;
    own.forEach((number, index) => {
      const slot = places[index]! ^ move;
      slots[slot] = number;
      isTaken[slot] = 1;
    });
  }
  return { multiplier, ...sizes, moves, slots };
}
