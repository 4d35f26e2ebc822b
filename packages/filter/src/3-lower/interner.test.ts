import { expect, test } from 'vitest';
import { Interner } from './interner.ts';

test('equal keys have one number, others their own, in the order in which they come', () => {
  const interner = new Interner();
  const numbers = new Map<string, number>();
  // Few values per place, so that keys repeat; enough keys to grow the table several times.
  for (let i = 0; i < 20_000; i++) {
    const key = [
      i % 7,
      (i * i) % 101,
      -(i % 3),
      i % 13 === 0 ? 0xffffffff : i % 11,
      i % 2,
    ] as const;
    const text = key.map((part) => part | 0).join();
    const expected = numbers.get(text) ?? numbers.size;
    expect(interner.intern(...key)).toBe(expected);
    numbers.set(text, expected);
  }
  expect(interner.size).toBe(numbers.size);
  expect(numbers.size).toBeGreaterThan(1000);
});

test('all five places count', () => {
  const interner = new Interner();
  const keys = [0, 1, 2, 3, 4].map((place) => [0, 1, 2, 3, 4].map((i) => (i === place ? 1 : 0)));
  const numbers = keys.map(([a, b, c, d, e]) => interner.intern(a!, b!, c!, d!, e!));
  expect(numbers).toEqual([0, 1, 2, 3, 4]);
});

test('a key is kept as it was given, as signed integers', () => {
  const interner = new Interner();
  for (let i = 0; i < 1000; i++) interner.intern(i, 0xffffffff, -1, 0x80000000, 7);
  const kept = [0, 1, 2, 3, 4].map((place) => interner.part(900, place));
  expect(kept).toEqual([900, -1, -1, -0x80000000, 7]);
});
