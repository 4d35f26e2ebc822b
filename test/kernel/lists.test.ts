import { buildObject, parseHook } from '@hookdump/codegen';
import { HOOK_STATS } from '@hookdump/codegen/record';
import { run } from '@hookdump/filter';
import { BpfObject } from '@hookdump/loader';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contains, MOST, unite } from '../../packages/codegen/src/lists/intervals.ts';
import { listOf } from '../../packages/codegen/src/lists/list.ts';
import { printLists } from '../../packages/codegen/src/lists/print.ts';
import { multipliers } from '../../packages/codegen/src/lists/tables/random.ts';
import type { Interval } from '../../packages/codegen/src/lists/types.ts';
import { findClang } from '../../packages/codegen/src/object/clang.ts';
import { inlineHeaders } from '../../packages/codegen/src/source/render.ts';
import { noKernel, skips } from '../../packages/codegen/src/testing/harness.ts';
import { filterProgram } from '../../packages/codegen/src/testing/programs.ts';
import { compiled } from '../support/kernel/compiled.ts';

const skip = skips('lists in the kernel', noKernel());

const random = multipliers();
const next = (): number => random.next().value;
/** They are odd, and their low bits no good. */
const below = (count: number): number => (next() >>> 8) % count;

const single = (number: number): Interval => [number >>> 0, number >>> 0];
const many = (count: number, of: (index: number) => Interval): readonly Interval[] =>
  unite(Array.from({ length: count }, (_, index) => of(index)));
const host = (): Interval => single(next() ^ (next() >>> 16));
const port = (): Interval => single(next() >>> 16);
const net = (bits: number): Interval => {
  const first = ((next() >>> bits) << bits) >>> 0;
  return [first, first + 2 ** bits - 1];
};

/** A list of each kind of table, and how many instructions the verifier may walk through. */
const lists: readonly (readonly [
  what: string,
  intervals: readonly Interval[],
  verified: number,
])[] = [
  ['three hosts', many(3, host), 60],
  ['50 hosts', many(50, host), 60],
  ['200 hosts', many(200, host), 60],
  ['1,000 hosts', many(1000, host), 60],
  ['10,000 hosts', many(10_000, host), 60],
  ['0, the last and 20 hosts', unite([single(0), single(MOST), ...many(20, host)]), 60],
  ['a network with holes', many(500, (index) => single(0x0a000000 + 2 * index)), 60],
  ['1,000 networks of 24 bits', many(1000, () => net(8)), 60],
  ['1,000 networks of 7 lengths', many(1000, (index) => net(4 + 3 * (index % 7))), 150],
  ['hosts and networks', unite([...many(300, host), ...many(20, () => net(16))]), 90],
  ['ranges', many(100, (index) => [999 * index ** 2, 1000 * index ** 2]), 150],
  ['all but ranges', many(90, (i) => [5e5 * i ** 2, i === 89 ? MOST : 5e5 * (i ** 2 + i)]), 150],
  ['200 ports', many(200, port), 60],
  ['ports and ranges', unite([[0, 1023], [8000, 8080], ...many(90, port)]), 60],
];

describe.skipIf(skip).each(['clang', 'clang-19'])('%s', (compiler) => {
  const clang = withCompiler(compiler);
  if (clang === undefined) {
    test.skip('there is no such compiler here');
    return;
  }
  describe.each(lists)('%s', (what, intervals, verified) => {
    let object: BpfObject;

    beforeAll(async () => {
      const list = listOf(intervals);
      const source = harness(printLists([list]), list.name);
      object = BpfObject.open(await compiled(clang, source), { name: 'lists' });
      object.load();
    });
    afterAll(() => object.close());

    test('has what is in it and nothing else', () => {
      const numbers = asked(intervals);
      const answers = numbers.flatMap((_, index) =>
        index % NUMBERS === 0 ? ask(object, numbers.slice(index, index + NUMBERS)) : [],
      );
      const wrong = numbers.filter((number, at) => answers[at] !== contains(intervals, number));
      expect(wrong).toEqual([]);
    });

    test('is verified in no time', () => {
      const { verifiedInstructions } = object.program('one').info();
      if (process.env.HOOKDUMP_SIZES !== undefined) console.log(what, verifiedInstructions);
      expect(verifiedInstructions).toBeLessThanOrEqual(verified);
    });
  });
});

/** As people write them: 1,000 of each, of which the first is what some frames have. */
const filters = [
  ['hosts', `host ${words(() => dotted(next()))}`],
  ['no such host', `not (host ${words(() => dotted(next()))})`],
  ['networks', `src net ${words(() => `${dotted(next()).split('.').slice(0, 3).join('.')}.0/24`)}`],
  ['ports', `port ${words(() => String(next() >>> 16))}`],
  ['ports of TCP', `tcp dst port ${words(() => String(next() >>> 16))}`],
] as const;

function words(word: () => string): string {
  return [...new Set(Array.from({ length: 1000 }, word))].join(' or ');
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((bits) => (address >>> bits) & 0xff).join('.');
}

test.skipIf(skip).each(filters)('1,000 %s decide as run() does', async (_, filter) => {
  const hook = parseHook('xdp');
  if (!hook.ok) throw new Error(hook.message);
  const program = filterProgram(filter);
  const programs = { EN10MB: program };
  const built = await buildObject({ filter, hooks: [hook.hook], programs });
  // No chain is left of it.
  expect(built.source.split('\tif (').length).toBeLessThan(100);
  const object = BpfObject.open(built.bytes, { name: 'lists' });
  try {
    object.load();
    const verdicts = framesFor(filter).map((frame) => {
      const before = matched(object);
      object.program('hookdump_xdp').testRun(frame);
      const wanted = run(program, frame) === 0 ? 0 : 1;
      expect(matched(object) - before).toBe(wanted);
      return wanted;
    });
    expect(new Set(verdicts)).toEqual(new Set([0, 1]));
  } finally {
    object.close();
  }
});

/** TCP and UDP in IPv4 with what a filter asks for, and with other things; some are cut off. */
function framesFor(filter: string): readonly Uint8Array[] {
  const asked = [...filter.matchAll(/(?<!\/)\b[\d.]+/g)].map(([word]) => word);
  return Array.from({ length: 200 }, (_, index) => {
    const frame = new Uint8Array(60);
    frame.set([8, 0, 0x45], 12);
    frame[23] = index % 3 === 0 ? 17 : 6;
    for (let at = 26; at < 38; at += 4) new DataView(frame.buffer).setUint32(at, next());
    const word = asked[below(asked.length)]!;
    const hit = word.includes('.') ? word.split('.').map(Number) : [+word >>> 8, +word & 0xff];
    const where = hit.length === 4 ? 26 : 34;
    if (index % 2 === 0) frame.set(hit, where + below(2) * hit.length);
    return index % 7 === 0 ? frame.subarray(0, 28 + below(12)) : frame;
  });
}

function matched(object: BpfObject): number {
  return object
    .map('stats')
    .lookupPerCpu(new Uint8Array(4))
    .map((value) => new DataView(value.buffer, value.byteOffset))
    .reduce((sum, view) => sum + Number(view.getBigUint64(HOOK_STATS.matched.offset, true)), 0);
}

/** How many numbers a program answers for at once. */
const NUMBERS = 32;

/** For each number, whether it is in the list. */
function ask(object: BpfObject, numbers: readonly number[]): readonly boolean[] {
  const frame = new Uint8Array(4 * NUMBERS);
  const view = new DataView(frame.buffer);
  for (const [index, number] of numbers.entries()) view.setUint32(4 * index, number);
  const { data } = object.program('all').testRun(frame);
  const answers = new Uint32Array(data.buffer, data.byteOffset, NUMBERS);
  return numbers.map((_, index) => answers[index] !== 0);
}

/** Ends and neighbours of some of the intervals, what is beside them all, and any numbers. */
function asked(intervals: readonly Interval[]): readonly number[] {
  const every = Math.ceil(intervals.length / 500);
  return [
    ...[0, 1, MOST - 1, MOST, 0x7fffffff, 0x80000000],
    ...intervals
      .filter((_, index) => index % every === 0)
      .flatMap(([first, last]) => [first - 1, first, last, last + 1])
      .filter((number) => number >= 0 && number <= MOST),
    ...Array.from({ length: 500 }, (_, index) => next() >>> (index % 32)),
  ];
}

function withCompiler(name: string) {
  try {
    return findClang(name === 'clang' ? process.env : { ...process.env, HOOKDUMP_CLANG: name });
  } catch (error) {
    skips(`lists built by ${name}`, (error as Error).message);
    return undefined;
  }
}

const harness = (lists: readonly string[], name: string): string =>
  inlineHeaders(`#include "include/types.h"
${lists.join('\n')}
char LICENSE[] SEC("license") = "GPL";

struct xdp_md {
	__u32 data;
	__u32 data_end;
};

SEC("xdp")
int one(struct xdp_md *context)
{
	const __u32 *numbers = (const __u32 *)(__u64)context->data;

	if ((const void *)(numbers + 1) > (const void *)(__u64)context->data_end)
		return 2;
	return in_${name}(from_be32(*numbers));
}

/* Global, and so verified once: Linux 6.1 would follow each of the 2^${NUMBERS} sets of answers. */
__attribute__((noinline)) __u32 is_in(__u32 number)
{
	return in_${name}(number);
}

SEC("xdp")
int all(struct xdp_md *context)
{
	__u32 *numbers = (__u32 *)(__u64)context->data;

	if ((const void *)(numbers + ${NUMBERS}) > (const void *)(__u64)context->data_end)
		return 0;
#pragma unroll
	for (__u32 index = 0; index < ${NUMBERS}; index++)
		numbers[index] = is_in(from_be32(numbers[index]));
	return 1;
}
`);
