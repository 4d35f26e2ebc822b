import { expect, test } from 'vitest';
import { checkKernelLimits, iptablesInstructions } from './kernel-limits.ts';
import type { Instruction } from './opcodes.ts';

const program = (...rows: [code: number, jt: number, jf: number, k: number][]): Instruction[] =>
  rows.map(([code, jt, jf, k]) => ({ code, jt, jf, k }));
const codes = (instructions: Instruction[]): string[] =>
  checkKernelLimits(instructions).map(({ code, span }) => `${code} at ${span.start}`);

test.each([
  ['division by 0', program([0x34, 0, 0, 0], [0x16, 0, 0, 0]), ['kernel-division at 0']],
  ['modulo 0', program([0x94, 0, 0, 0], [0x16, 0, 0, 0]), ['kernel-division at 0']],
  [
    'a shift by 32',
    program([0x64, 0, 0, 32], [0x74, 0, 0, 31], [0x16, 0, 0, 0]),
    ['kernel-shift at 0'],
  ],
  ['memory never stored', program([0x60, 0, 0, 2], [0x16, 0, 0, 0]), ['kernel-memory at 0']],
  [
    'memory stored on one way',
    program([0x15, 0, 1, 0], [0x02, 0, 0, 3], [0x61, 0, 0, 3], [0x16, 0, 0, 0]),
    ['kernel-memory at 2'],
  ],
  [
    'memory stored on both',
    program(
      [0x15, 0, 2, 0],
      [0x02, 0, 0, 3],
      [0x05, 0, 0, 1],
      [0x03, 0, 0, 3],
      [0x61, 0, 0, 3],
      [0x16, 0, 0, 0],
    ),
    [],
  ],
  [
    'a return that the kernel takes to go on',
    program(
      [0x15, 1, 0, 0],
      [0x15, 1, 2, 0],
      [0x02, 0, 0, 0],
      [0x15, 1, 1, 0],
      [0x06, 0, 0, 0],
      [0x60, 0, 0, 0],
      [0x16, 0, 0, 0],
    ),
    ['kernel-memory at 5'],
  ],
])('%s', (_, instructions, expected) => {
  expect(codes(instructions)).toEqual(expected);
});

test('limits of length', () => {
  const long = program(
    ...Array.from({ length: 64 }, (): [number, number, number, number] => [0x87, 0, 0, 0]),
    [6, 0, 0, 0],
  );
  expect(checkKernelLimits(long)).toEqual([]);
  expect(checkKernelLimits(long, iptablesInstructions)).toMatchObject([
    { code: 'kernel-too-long' },
  ]);
});
