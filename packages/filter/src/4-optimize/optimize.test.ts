import { expect, test } from 'vitest';
import { toClassic } from '../5-emit/index.ts';
import { compile } from '../compile.ts';
import type { Program } from '../ir/types.ts';
import { optimize, passes } from './index.ts';

const lowered = (text: string): Program => {
  const compiled = compile(text, { linkType: 'EN10MB', optimize: false });
  if (!compiled.ok) throw new Error(text);
  return deepFreeze(compiled.program);
};

/** So that a pass which changes its input fails. */
function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

const texts = [
  'tcp[13] & (2 + 1 * 1) != 0',
  'ether[len - 1] = 4 or 1 = 2 and ip',
  'ip[0] * (4 - 2 - 2) = 0',
  'udp[4294967295:2] = 1',
  'len / (ip[0] - ip[0]) = 1 or not arp',
];

test.each(texts)('passes are pure, and stop: %s', (text) => {
  const once = optimize(lowered(text));
  for (const pass of passes) expect(pass(deepFreeze(once))).toBe(once);
});

test.each([
  ['1 = 1', 1],
  ['1 + 1 = 3', 1],
  ['ip and 1 = 2', 1],
  ['ip or 1 = 1', 3],
  ['len > 2 + 2 * 3', 4],
  ['tcp[4 + 4:4] = 1', 11],
  ['tcp or udp', 20],
  ['ip and ip and not ip6', 4],
])('%s takes %i instructions', (text, length) => {
  expect(toClassic(optimize(lowered(text))).length).toBe(length);
});

test('a load that may reject is not optimized away', () => {
  // `ether[1000]` rejects short packets, whatever its value is multiplied with.
  const program = optimize(lowered('ether[1000] * 0 = 0'));
  expect(program.blocks.length).toBeGreaterThan(1);
});
