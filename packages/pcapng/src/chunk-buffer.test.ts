import { expect, test } from 'vitest';
import { ChunkBuffer } from './chunk-buffer.ts';

function put(buffer: ChunkBuffer, value: number, length: number): void {
  buffer.reserve(length);
  buffer.bytes.fill(value, buffer.at, buffer.at + length);
  buffer.at += length;
  buffer.commit();
}

test('chunks hold whole blocks only, in order', () => {
  const chunks: number[][] = [];
  const buffer = new ChunkBuffer((chunk) => chunks.push([...chunk]), 8);
  put(buffer, 1, 5);
  put(buffer, 2, 3);
  put(buffer, 3, 1);
  put(buffer, 4, 20);
  put(buffer, 5, 2);
  expect(buffer.size).toBe(31);
  buffer.flush();
  buffer.flush();
  // The block of 20 made the buffer grow, so the next one fits neither before nor beside it.
  expect(chunks).toEqual([[1, 1, 1, 1, 1, 2, 2, 2], [3], new Array(20).fill(4), [5, 5]]);
});

test('a block without commit leaves no trace', () => {
  const chunks: number[][] = [];
  const buffer = new ChunkBuffer((chunk) => chunks.push([...chunk]), 8);
  put(buffer, 1, 2);
  buffer.reserve(4);
  buffer.bytes.fill(9, buffer.at, buffer.at + 4);
  buffer.at += 4;
  put(buffer, 2, 2);
  buffer.flush();
  expect(chunks).toEqual([[1, 1, 2, 2]]);
});

test('what write throws comes out, and nothing is written after it', () => {
  let calls = 0;
  const failure = new Error('disk full');
  const buffer = new ChunkBuffer(() => {
    calls++;
    throw failure;
  }, 4);
  put(buffer, 1, 4);
  expect(() => put(buffer, 2, 1)).toThrow(failure);
  expect(() => put(buffer, 2, 1)).toThrow(failure);
  expect(() => buffer.flush()).toThrow(failure);
  expect(calls).toBe(1);
});
