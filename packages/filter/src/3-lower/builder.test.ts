import { expect, test } from 'vitest';
import type { BlockId } from '../ir/types.ts';
import { Builder } from './builder.ts';
import { arith, constant, length, load, recall, type Tree } from './tree.ts';

/** A builder with the two ends that all filters have. */
function start() {
  const build = new Builder();
  return { build, to: { yes: build.return(1), no: build.return(0) } };
}

const kinds = (build: Builder, id: BlockId): readonly string[] =>
  build.blocksFrom(id)[0]!.values.map((value) => value.kind);

test('blocks that would do the same are one', () => {
  const { build, to } = start();
  const first = build.test('==', load(2, 12), constant(0x800), to);
  expect(build.test('==', load(2, 12), constant(0x800), to)).toBe(first);
  expect(build.return(1)).toBe(to.yes);
  expect(build.store(3, load(1, 0), first)).toBe(build.store(3, load(1, 0), first));
});

test.each<readonly [string, (build: Builder) => BlockId]>([
  ['operator', (b) => b.test('>', load(2, 12), constant(8), { yes: b.return(1), no: b.return(0) })],
  ['size', (b) => b.test('==', load(1, 12), constant(8), { yes: b.return(1), no: b.return(0) })],
  ['offset', (b) => b.test('==', load(2, 13), constant(8), { yes: b.return(1), no: b.return(0) })],
  [
    'index',
    (b) => b.test('==', load(2, 12, length), constant(8), { yes: b.return(1), no: b.return(0) }),
  ],
  [
    'constant',
    (b) => b.test('==', load(2, 12), constant(9), { yes: b.return(1), no: b.return(0) }),
  ],
  ['targets', (b) => b.test('==', load(2, 12), constant(8), { yes: b.return(0), no: b.return(1) })],
])('blocks that differ in %s are two', (_, make) => {
  const { build, to } = start();
  const first = build.test('==', load(2, 12), constant(8), to);
  expect(make(build)).not.toBe(first);
});

test('a test that decides nothing is left out, unless it may reject', () => {
  const { build, to } = start();
  const same = { yes: to.yes, no: to.yes };
  expect(build.test('>', length, constant(5), same)).toBe(to.yes);
  expect(build.test('>', load(1, 1000), constant(5), same)).not.toBe(to.yes);
});

test('a part that stands twice in a block is computed once', () => {
  const { build, to } = start();
  const index = arith('*', load(1, 14), constant(4));
  const block = build.test('==', load(2, 14, index), load(2, 16, index), to);
  expect(kinds(build, block)).toEqual(['load', 'const', 'arith', 'load', 'load']);
});

test('values stand in the order in which they are computed, each with its own number', () => {
  const { build, to } = start();
  const next = build.test('==', arith('+', load(1, 0), length), constant(1), to);
  const block = build.test('==', arith('-', length, load(1, 1)), constant(1), { ...to, no: next });
  expect(kinds(build, block)).toEqual(['length', 'load', 'arith', 'const']);
  const ids = build.blocksFrom(block).flatMap(({ values }) => values.map(({ id }) => id));
  expect(ids.length).toBe(8);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a store goes on to one place', () => {
  const { build, to } = start();
  const [block] = build.blocksFrom(build.store(2, load(4, 4), to.yes));
  expect(block!.values.map(({ kind }) => kind)).toEqual(['load', 'store']);
  expect(block!.end).toMatchObject({ kind: 'branch', yes: 1, no: 1 });
});

test('the builder knows which words are read', () => {
  const { build, to } = start();
  build.store(1, constant(4), to.yes);
  expect([...build.recalled]).toEqual([]);
  build.test('==', load(2, 12, recall(1)), constant(0x800), to);
  expect([...build.recalled]).toEqual([1]);
});

test('sums of thousands of terms, and trees that share parts, are no problem', () => {
  const { build, to } = start();
  let sum: Tree = length;
  for (let i = 0; i < 50_000; i++) sum = arith('+', sum, constant(i));
  const deep = build.test('==', sum, constant(0), to);
  expect(kinds(build, deep).length).toBe(100_001);
  // 60 doublings: a walk that doesn't notice what it has seen would not end.
  let shared: Tree = load(1, 0);
  for (let i = 0; i < 60; i++) shared = arith('+', shared, shared);
  const block = build.test('==', shared, constant(0), to);
  expect(kinds(build, block).length).toBe(62);
});
