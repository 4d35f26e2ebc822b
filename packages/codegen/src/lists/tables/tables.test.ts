import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contains, MOST, unite } from '../intervals.ts';
import type { Interval } from '../types.ts';
import { bits } from './bits.ts';
import { tableFor, tableForKeys } from './choose.ts';
import { comparisons } from './comparisons.ts';
import { hash } from './hash.ts';
import { pairedHash } from './paired-hash.ts';
import { prefixesOf } from './prefixes.ts';
import { multipliers } from './random.ts';
import { search } from './search.ts';
import { twoLevelHash, twoLevelHashOfKeys } from './two-level-hash.ts';
import type { Table } from './types.ts';

const random = multipliers();
const next = (): number => random.next().value;
const numbers = (count: number, of: (index: number) => number): readonly Interval[] =>
  unite(
    Array.from({ length: count }, (_, index): Interval => {
      const number = of(index) >>> 0;
      return [number, number];
    }),
  );
const hosts = (count: number): readonly Interval[] =>
  numbers(count, () => next() ^ (next() >>> 16));
const nets = (count: number, bits: number): readonly Interval[] =>
  unite(
    Array.from({ length: count }, (): Interval => {
      const first = ((next() >>> bits) << bits) >>> 0;
      return [first, first + 2 ** bits - 1];
    }),
  );

const lists: readonly (readonly [what: string, intervals: readonly Interval[]])[] = [
  ['0', [[0, 0]]],
  ['the last', [[MOST, MOST]]],
  ['0 and the last', numbers(2, (index) => -index)],
  ['50 hosts', hosts(50)],
  ['200 hosts', hosts(200)],
  ['1,000 hosts', hosts(1000)],
  ['10,000 hosts', hosts(10_000)],
  ['0, the last and 20 hosts', unite([[0, 0], [MOST, MOST], ...hosts(20)])],
  ['every second address of a network', numbers(500, (index) => 0x0a000000 + 2 * index)],
  ['the first host of 300 networks', numbers(300, (index) => 0x0a000001 + 256 * index)],
  ['1,000 networks of 24 bits', nets(1000, 8)],
  ['networks of all lengths', unite([4, 7, 8, 11, 16, 21, 24].flatMap((bits) => nets(20, bits)))],
  ['hosts and networks', unite([...hosts(300), ...nets(20, 16)])],
  ['ranges', unite(Array.from({ length: 100 }, (_, i): Interval => [999 * i * i, 1000 * i * i]))],
  ['200 ports', numbers(200, () => next() >>> 16)],
  ['20 ports', numbers(20, (index) => index * 2503)],
  ['ports and ranges', unite([[0, 1023], [8000, 8080], ...numbers(90, () => next() >>> 16)])],
  [
    'all but some',
    unite([
      [0, 5],
      [7, 0x7fffffff],
      [0x80000001, MOST - 3],
      [MOST - 1, MOST],
    ]),
  ],
];

test.each(lists)('%s', (_, intervals) => {
  agrees(tableFor(intervals), intervals);
  agrees(search(intervals), intervals);
  if (intervals[intervals.length - 1]![1] - intervals[0]![0] < 2 ** 20) {
    agrees(bits(intervals), intervals);
  }
  if (intervals.length < 100) agrees(comparisons(intervals), intervals);
  const { groups, rest } = prefixesOf(intervals);
  for (const { shift, numbers } of groups) {
    const own = unite(
      numbers.map((each): Interval => [each * 2 ** shift, (each + 1) * 2 ** shift - 1]),
    );
    expect(unite([...own, ...rest]).filter(([at]) => !contains(intervals, at))).toEqual([]);
    agrees(twoLevelHash(numbers, shift), own);
    for (const table of [hash(numbers, shift), pairedHash(numbers, shift)]) {
      if (table !== undefined) agrees(table, own);
    }
  }
});

test('lists of any kind', () => {
  const number = fc.oneof(
    fc.nat(40),
    fc.nat(0xffff),
    fc.nat(MOST),
    fc.constantFrom(MOST, MOST - 1),
  );
  const interval = fc
    .tuple(number, fc.oneof(fc.constant(0), fc.nat(9), fc.nat(MOST)))
    .map(([first, more]): Interval => [first, Math.min(first + more, MOST)]);
  fc.assert(
    fc.property(fc.array(interval, { minLength: 1, maxLength: 40 }), (all) => {
      const intervals = unite(all);
      fc.pre(intervals[0]![0] > 0 || intervals[0]![1] < MOST);
      agrees(tableFor(intervals), intervals);
      agrees(search(intervals), intervals);
    }),
  );
});

/** Asks for ends and their neighbours, for what is beside the whole, and for any number. */
function agrees(table: Table, intervals: readonly Interval[]): void {
  const asked = new Set([0, 1, MOST - 1, MOST, 0x80000000, 0x7fffffff]);
  for (const [first, last] of intervals) {
    for (const number of [first - 1, first, first + 1, last - 1, last, last + 1]) asked.add(number);
  }
  for (let count = 0; count < 1000; count++) asked.add(next() >>> (count % 32));
  const wrong = [...asked].filter(
    (number) => number >= 0 && number <= MOST && table.has(number) !== contains(intervals, number),
  );
  expect(wrong).toEqual([]);
}

const sizes = lists.map(([what, intervals]) => {
  const { kind, bytes } = tableFor(intervals);
  return `${what}: ${kind}, ${bytes} bytes`;
});

test('which table is chosen', () => {
  expect(sizes.join('\n')).toMatchInlineSnapshot(`
    "0: comparisons, 0 bytes
    the last: comparisons, 0 bytes
    0 and the last: comparisons, 0 bytes
    50 hosts: hash, 1024 bytes
    200 hosts: paired hash, 4096 bytes
    1,000 hosts: paired hash, 32768 bytes
    10,000 hosts: two-level hash, 81920 bytes
    0, the last and 20 hosts: hash, 256 bytes
    every second address of a network: bits, 125 bytes
    the first host of 300 networks: paired hash, 8192 bytes
    1,000 networks of 24 bits: paired hash, 32768 bytes
    networks of all lengths: search, 2588 bytes
    hosts and networks: several, 8320 bytes
    ranges: search, 1223 bytes
    200 ports: paired hash, 2048 bytes
    20 ports: hash, 128 bytes
    ports and ranges: bits, 8073 bytes
    all but some: several, 32 bytes"
  `);
});

test.each([2, 4, 5])('rows of %i numbers', (width) => {
  for (const count of [1, 2, 3, 50, 90, 200, 1000]) {
    const row = (): number[] => Array.from({ length: width }, () => next() >>> (next() % 31));
    const rows = [
      ...new Map(Array.from({ length: count }, row).map((each) => [each.join(), each])).values(),
    ];
    const others = rows.map((each) => {
      const changed = next() % width;
      return each.map((number, at) => (at === changed ? next() : number));
    });
    const known = new Set(rows.map((each) => each.join()));
    for (const table of [tableForKeys(rows), twoLevelHashOfKeys(rows)]) {
      const wrong = [...rows, ...others].filter(
        (each) => table.has(each) !== known.has(each.join()),
      );
      expect(wrong).toEqual([]);
    }
  }
});

test('the same list gives the same table', () => {
  for (const [, intervals] of lists) {
    expect(tableFor(intervals).arrays('a')).toEqual(tableFor(intervals).arrays('a'));
  }
});
