import { expect, test } from 'vitest';
import { optionText } from './option-text.ts';
import { PcapngSink } from './pcapng.ts';

const bytes = (text: string): number => new TextEncoder().encode(text).length;

test.each(['x', 'ä', 'a𝄞'])('texts of %s are cut where they are too long', (piece) => {
  expect(optionText(piece)).toBe(piece);
  const fits = 'x'.repeat(65_534);
  expect(optionText(fits)).toBe(fits);
  const cut = optionText(piece.repeat(70_000));
  expect(cut.endsWith('…')).toBe(true);
  expect(bytes(cut)).toBeLessThanOrEqual(65_534);
  expect(bytes(cut)).toBeGreaterThan(65_534 - 8);
  expect(piece.repeat(70_000).startsWith(cut.slice(0, -1))).toBe(true);
});

test('a file takes a filter and a command of any length', () => {
  const long = 'host 10.0.0.1 or '.repeat(10_000);
  let size = 0;
  const write = (chunk: Uint8Array): void => {
    size += chunk.length;
  };
  const description = { filter: long, snapLen: 1, application: 'test', os: 'test', command: long };
  expect(() => new PcapngSink(write, description)).not.toThrow();
  expect(size).toBeGreaterThan(65_000);
});
