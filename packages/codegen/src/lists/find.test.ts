import { type Program, run, valuesById } from '@hookdump/filter';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { constantsOf } from '../emit/decide.ts';
import { prepare } from '../emit/prepare.ts';
import { listPacket, listProgram } from '../testing/list-program.ts';
import { branch, constant, filterProgram, load, program, returns } from '../testing/programs.ts';
import { runBlocks } from '../testing/run-blocks.ts';
import { findLists } from './find.ts';
import type { Blocks, ListProgram } from './graph.ts';
import { isList } from './list.ts';
import { multipliers } from './tables/random.ts';
import type { List } from './types.ts';

const SETTINGS = { numRuns: Number(process.env.HOOKDUMP_FUZZ_RUNS ?? 1000), endOnFailure: true };
const packets = fc.array(listPacket, { minLength: 30, maxLength: 30 });

test('a program with lists gives what it gave without', () => {
  let found = 0;
  fc.assert(
    fc.property(listProgram, packets, (program, frames) => {
      const prepared = asItIs(program);
      const blocks = findLists(prepared, 2);
      found += members(blocks).length;
      for (const frame of frames) {
        expect(runBlocks(blocks, prepared, frame)).toBe(run(program, frame));
        const fast = runBlocks(blocks, prepared, frame, true);
        if (fast !== undefined) expect(fast).toBe(run(program, frame));
      }
    }),
    SETTINGS,
  );
  expect(found).toBeGreaterThan(SETTINGS.numRuns / 10);
});

const hosts = '1.1.1.1 or 3.3.3.3 or 5.5.5.5 or 7.7.7.7 or 9.9.9.9 or 11.11.11.11 or 13.13.13.13';
const ports = '1 or 3 or 5 or 70 or 90 or 1100 or 13000';

/** Filters, and how many intervals the different lists have that are found in them. */
const shapes: readonly (readonly [filter: string, ...sizes: readonly number[]])[] = [
  [`ip src host ${hosts}`, 7],
  [`not (ip src host (${hosts}))`, 7],
  [`ip src host not (${hosts})`, 7],
  // The second list is the first one, though one host was asked for before.
  [`ip host ${hosts}`, 7],
  [`ip src ${hosts.replaceAll(' or ', ' or ip src ')}`, 7],
  [`ip src or dst (${hosts})`, 7],
  [`ip src net 10 or 12 or 14.1 or 14.3 or 14.5.6 or 14.5.8 or 15.1.2.3`, 7],
  [
    `ip and (src net 10 or src 12.1.1.1 or src net 14.1 or src 14.3.3.3 or src net 15 or src 9.9.9.9)`,
    6,
  ],
  [`tcp dst port ${ports}`, 7],
  [`ip and tcp port (${ports})`, 7],
  [`tcp port ${ports}`, 7],
  [`host ${hosts}`, 7],
  [`port ${ports}`, 7],
  [`host (${hosts}) and port (${ports})`, 7, 7],
  [`net 10 or 12 or 14.1 or 14.3 or 14.5.6 or 14.5.8 or 15.1.2.3`, 7],
  ['port 80 or 443 or portrange 8000-8080 or 22 or 25 or portrange 100-200', 6],
  ['udp and (dst portrange 1-5 or dst portrange 10-20 or dst port 99 or dst portrange 30-50)', 4],
  [`ip[8] = 1 or ip[8] = 3 or ip[8] = 5 or ip[8] > 200 or ip[8] = 70 or ip[8] = 80`, 6],
  [`ip[8] != 1 and ip[8] != 3 and ip[8] != 5 and ip[8] < 200 and ip[8] != 70 and ip[8] != 99`, 6],
  // Two hosts are quicker asked for one by one.
  ['ip src host 1.1.1.1 or 3.3.3.3'],
];

const cases = shapes.map(([filter, ...sizes]) => ({ filter, sizes }));

test.each(cases)('$filter', ({ filter, sizes }) => {
  const blocks = findLists(prepare(filterProgram(filter)), 4);
  const lists = new Map(members(blocks).map((list) => [list.name, list.intervals.length]));
  expect([...lists.values()]).toEqual(sizes);
});

test.each(cases)('$filter decides as before', ({ filter }) => {
  const program = filterProgram(filter);
  const found = { ...asItIs(program), blocks: findLists(asItIs(program), 4) };
  let matched = 0;
  for (const frame of frames) {
    const wanted = run(program, frame);
    expect(runBlocks(found.blocks, found, frame)).toBe(wanted);
    const fast = runBlocks(found.blocks, found, frame, true);
    if (fast !== undefined) expect(fast).toBe(wanted);
    if (wanted !== 0) matched++;
  }
  expect(matched).toBeGreaterThan(0);
});

const random = multipliers();
const pick = <T>(from: readonly T[]): T => from[(random.next().value >>> 8) % from.length]!;

/** Frames with addresses and ports that are asked for, and others, cut off anywhere. */
const frames = Array.from({ length: 3000 }, (): Uint8Array => {
  const frame = new Uint8Array(60);
  frame.set(
    [
      ...pick([
        [8, 0],
        [8, 0],
        [8, 6],
        [0x86, 0xdd],
      ]),
      0x45,
    ],
    12,
  );
  const address = (): number[] => new Array(4).fill(pick([1, 3, 5, 7, 9, 10, 11, 12, 13, 14, 200]));
  frame[22] = pick([1, 3, 5, 70, 80, 99, 201, 210]);
  frame[23] = pick([6, 17, 132, 1]);
  frame.set([...address(), ...address()], 26);
  const port = (): number[] =>
    pick([
      [0, 1],
      [0, 3],
      [0, 70],
      [0, 80],
      [4, 76],
      [31, 64],
      [0, 99],
    ]);
  frame.set([...port(), ...port()], 34);
  return frame.subarray(0, pick([60, 60, 60, 42, 38, 36, 34, 33, 32, 31, 30, 29, 26, 14]));
});

test('what was asked before all is loaded is asked again by the list', () => {
  const blocks = findLists(prepare(filterProgram(`ip host ${hosts}`)), 2);
  expect([...blocks.values()].filter(({ end }) => 'early' in end).length).toBe(1);
});

test.each([
  ['same', 9, 1],
  ['elsewhere', 10, 0],
])('a test before the list leads to the %s', (_, exit, early) => {
  const numbers = [1, 3, 5, 7].map((number, index) => constant(10 + index, number));
  /** Blocks from `at` on: does the value equal one of the numbers from `from` on? */
  const asks = (value: number, at: number, from: number) =>
    numbers.slice(from).map(({ id }, index) => ({
      values: [],
      end: branch(value, '==', id, 9, at + index + 1),
    }));
  const [second, ...others] = asks(1, 1, 0);
  const tested = program(
    { values: [...numbers, load(0, 4, 0)], end: branch(0, '==', 10, exit, 1) },
    { ...second!, values: [load(1, 4, 4)] },
    ...others,
    ...asks(0, 5, 1),
    { values: [], end: returns(0) },
    { values: [], end: returns(1) },
    { values: [], end: returns(2) },
  );
  const blocks = findLists(asItIs(tested), 3);
  expect(members(blocks).length).toBe(2);
  expect(new Set(members(blocks)).size).toBe(1);
  expect([...blocks.values()].filter(({ end }) => 'early' in end).length).toBe(early);
});

function asItIs(program: Program): ListProgram {
  const blocks = new Map(program.blocks.map((block) => [block.id, block]));
  return { blocks, byId: valuesById(program), constants: constantsOf(program) };
}

/** The lists asked for, one for each time. */
function members(blocks: Blocks): readonly List[] {
  return [...blocks.values()].flatMap(({ end }) =>
    end.kind === 'member' && isList(end.list) ? [end.list] : [],
  );
}
