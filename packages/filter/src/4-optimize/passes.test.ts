import { describe, expect, test } from 'vitest';
import type { Program } from '../ir/types.ts';
import { after, printed } from '../testing/after-pass.ts';
import { parseProgram } from '../testing/parse-program.ts';
import { read } from './graph/read.ts';
import { write } from './graph/write.ts';
import { numberValues, optimize, passes } from './index.ts';
import { removeDeadStores } from './passes/remove-dead-stores.ts';
import { threadJumps } from './passes/thread-jumps.ts';

const lines = (text: string): string => `${text.trim().replace(/^ {4}/gm, '')}\n`;

/** A program that tests one value of one block, with what `optimize` makes of the block. */
function tested(values: string, end: string): string {
  const text = `${values}\n${end} then b1 else b2\naccept 1\nreject`;
  return printed(optimize(parseProgram(text)));
}

describe('numberValues', () => {
  test('computes a value once for all blocks behind it', () => {
    const program = parseProgram(`
      v0 = load.2 [12]
      v1 = 0x800
      if v0 == v1 then b1 else b2
      v2 = load.2 [12]
      v3 = 0x806
      if v2 > v3 then b2 else b3
      reject
      accept 96`);
    expect(printed(numberValues(program))).toContain('if v0 > v2 then b2 else b3');
  });

  test.each([
    ['x + 0', 'v1 = 0\nv2 = v0 + v1'],
    ['x * 1', 'v1 = 1\nv2 = v0 * v1'],
    ['x & 0xffffffff', 'v1 = 0xffffffff\nv2 = v0 & v1'],
    ['x & the bits of its size', 'v1 = 0xff\nv2 = v0 & v1'],
    ['x << 8 >> 8', 'v1 = 8\nv3 = v0 << v1\nv2 = v3 >> v1'],
    ['x ^ 5 ^ 5', 'v1 = 5\nv3 = v0 ^ v1\nv2 = v3 ^ v1'],
    ['x - 3 + 3', 'v1 = 3\nv3 = v0 - v1\nv2 = v3 + v1'],
    ['x % 256', 'v1 = 0x100\nv2 = v0 % v1'],
    ['x | x', 'v2 = v0 | v0'],
  ])('%s is x', (_, values) => {
    const text = printed(numberValues(parseProgram(`v0 = load.1 [0]\n${values}\nreturn v2`)));
    expect(text).toBe('b0:\n  v0 = load.1 [0]\n  return v0\n');
  });

  test('moves the constant part of an index into the offset, where the sum cannot wrap', () => {
    const index = 'v0 = load.1 [14]\nv1 = 4\nv2 = v0 * v1\nv3 = 0x12\nv4 = v2 + v3';
    expect(
      printed(numberValues(parseProgram(`${index}\nv5 = load.2 [v4 + 2]\nreturn v5`))),
    ).toContain('+ 20]');
    const wide = 'v0 = load.4 [14]\nv3 = 0x12\nv4 = v0 + v3';
    expect(
      printed(numberValues(parseProgram(`${wide}\nv5 = load.2 [v4 + 2]\nreturn v5`))),
    ).toContain('+ 2]');
  });

  test('a division by the constant 0 ends the program', () => {
    const text =
      'v0 = load.1 [0]\nv1 = 0\nv2 = v0 / v1\nv3 = v2 / v0\nif v3 == v1 then b1 else b2\naccept 1\nreject';
    expect(printed(numberValues(parseProgram(text)))).toBe('b0:\n  v0 = load.1 [0]\n  reject\n');
  });

  test('forwards a store to a recall, and one for each way where ways meet', () => {
    const program = parseProgram(`
      v0 = load.1 [0]
      v1 = m5 := v0
      v2 = m5
      v3 = 7
      v4 = m6 := v3
      if v2 == v3 then b1 else b2
      v5 = 9
      v6 = m6 := v5
      if v2 > v3 then b2 else b2
      v7 = m6
      return v7`);
    expect(printed(numberValues(program))).toBe(
      lines(`
b0:
      v0 = load.1 [0]
      v1 = 7
      v2 = m0 := v1
      if v0 == v1 then b1 else b2
    b1:
      v3 = 9
      v4 = m0 := v3
      v5 = 0
      go to b2
    b2:
      v6 = m0
      return v6`),
    );
  });
});

describe('tests in their simplest form', () => {
  const byte = 'v0 = load.1 [0]';
  test.each([
    ['x & 8 == 8', `${byte}\nv1 = 8\nv2 = v0 & v1`, 'if v2 == v1', 'if v0 & v1 then b1 else b2'],
    [
      'x & 6 == 0',
      `${byte}\nv1 = 6\nv2 = v0 & v1\nv3 = 0`,
      'if v2 == v3',
      'if v0 & v1 then b2 else b1',
    ],
    ['x & 6 == 9', `${byte}\nv1 = 6\nv2 = v0 & v1\nv3 = 9`, 'if v2 == v3', 'reject'],
    [
      'x & 0xf0 > 0x2f',
      `${byte}\nv1 = 0xf0\nv2 = v0 & v1\nv3 = 0x2f`,
      'if v2 > v3',
      'if v0 > v1 then b1 else b2',
    ],
    [
      'x & 0xf0 >= 0x20',
      `${byte}\nv1 = 0xf0\nv2 = v0 & v1\nv3 = 0x20`,
      'if v2 >= v3',
      'if v0 >= v1 then b1 else b2',
    ],
    [
      'x & 0xf0 == 0xf0',
      `${byte}\nv1 = 0xf0\nv2 = v0 & v1`,
      'if v2 == v1',
      'if v0 > v1 then b1 else b2',
    ],
    [
      'x >> 4 > 2',
      `${byte}\nv1 = 4\nv2 = v0 >> v1\nv3 = 2`,
      'if v2 > v3',
      'if v0 > v1 then b1 else b2',
    ],
    [
      'x * 4 == 20',
      `${byte}\nv1 = 4\nv2 = v0 * v1\nv3 = 0x14`,
      'if v2 == v3',
      'if v0 == v1 then b1 else b2',
    ],
    [
      'x + 5 == 3',
      `v0 = load.4 [0]\nv1 = 5\nv2 = v0 + v1\nv3 = 3`,
      'if v2 == v3',
      'v1 = 0xfffffffe',
    ],
    ['x > 255', `${byte}\nv1 = 0xff`, 'if v0 > v1', 'reject'],
    ['3 >= x', `${byte}\nv1 = 3`, 'if v1 >= v0', 'if v0 > v1 then b2 else b1'],
    ['x - y == 0', `${byte}\nv1 = load.1 [1]\nv2 = v0 - v1\nv3 = 0`, 'if v2 == v3', 'if v0 == v1'],
  ])('%s', (_, values, end, wanted) => {
    expect(tested(values, end)).toContain(wanted);
  });
});

describe('threadJumps', () => {
  const path = (second: string, op = '=='): string => `
    v0 = load.2 [12]
    v1 = 0x800
    if v0 ${op} v1 then b1 else b2
    ${second}
    reject
    accept 96`;

  test.each([
    [
      'x == 0x800 decides x & 0xff',
      path('v2 = 0xff\nv3 = v0 & v2\nv4 = 0\nif v3 == v4 then b3 else b2'),
    ],
    ['x > 0x800 implies x >= 0x700', path('v2 = 0x700\nif v0 >= v2 then b3 else b2', '>')],
    ['x & 0x800 excludes x == 0x7ff', path('v2 = 0x7ff\nif v0 == v2 then b2 else b3', '&')],
  ])('%s', (_, text) => {
    const made = after('threadJumps', text);
    expect(made.match(/if/g)).toHaveLength(1);
  });

  test('remembers that it is one of two, where both ways meet', () => {
    const made = after(
      'threadJumps',
      `
      v0 = load.2 [12]
      v1 = 0x806
      if v0 == v1 then b2 else b1
      v2 = 0x8035
      if v0 == v2 then b2 else b5
      v3 = load.1 [20]
      if v3 == v1 then b5 else b3
      v4 = 0x800
      if v0 == v4 then b5 else b4
      accept 96
      reject`,
    );
    expect(made).not.toContain('0x800\n');
  });

  test('a load that may be out of bounds is not passed by on the way to acceptance', () => {
    const made = printed(
      optimize(
        parseProgram(`
      v0 = load.1 [0]
      v1 = 4
      if v0 == v1 then b1 else b2
      v2 = load.1 [30]
      if v0 == v1 then b2 else b3
      accept 96
      reject`),
      ),
    );
    expect(made).toContain('load.1 [30]');
  });
});

const pass = (name: string, program: Program): Program =>
  passes.find((each) => each.name === name)!.run(program);

/** The word holds what differs by path; but who has followed the first test knows which it is. */
const wordByPath = `
    v0 = load.1 [0]
    v1 = load.1 [1]
    v2 = 4
    v3 = m0 := v0
    if v0 == v2 then b1 else b2
    v4 = load.1 [30]
    v5 = m0 := v1
    if v0 == v0 then b2 else b2
    if v0 == v2 then b3 else b4
    v6 = m0
    return v6
    v7 = m0
    v8 = v7 + v2
    return v8`;

test('forwardStores looks at what has been stored, where one store reaches', () => {
  const threaded = pass('threadJumps', parseProgram(wordByPath));
  expect(printed(threaded)).toMatch(/= m0$/m);
  expect(printed(pass('forwardStores', threaded))).not.toMatch(/= m0$/m);
});

test('removeDeadStores stores nothing that nobody looks at', () => {
  // Both ends look at the word, until one of them accepts outright.
  const text = wordByPath.replace('v6 = m0\n    return v6', 'accept 96');
  const threaded = threadJumps(read(parseProgram(text)));
  expect(printed(write(threaded)).match(/m0 :=/g)).toHaveLength(2);
  const after = removeDeadStores(threaded);
  expect(printed(write(after)).match(/m0 :=/g)).toHaveLength(1);
  expect(removeDeadStores(after)).toBe(after);
});

describe('removeChecks', () => {
  test('leaves out a load that a later one covers on every path that accepts', () => {
    const made = after(
      'removeChecks',
      `
      v0 = 60
      v1 = load.1 [3]
      v2 = length
      if v2 > v0 then b1 else b2
      v3 = load.4 [26]
      v4 = 5
      if v3 == v4 then b2 else b3
      reject
      accept 96`,
    );
    expect(made).not.toContain('[3]');
    expect(made).toContain('[26]');
  });

  test('but not one that only some of them cover', () => {
    const text = `
      v0 = load.2 [12]
      v1 = length
      v2 = 5
      if v1 == v2 then b1 else b2
      v3 = load.4 [26]
      if v3 == v2 then b2 else b3
      accept 96
      reject`;
    expect(printed(optimize(parseProgram(text)))).toContain('[12]');
  });
});

test('shareNodes makes one block of equal ends', () => {
  const made = after(
    'shareNodes',
    `
    v0 = load.1 [0]
    v1 = 4
    if v0 == v1 then b1 else b2
    v2 = load.1 [8]
    if v2 == v1 then b3 else b4
    v3 = load.1 [8]
    if v3 == v1 then b3 else b4
    accept 96
    reject`,
  );
  expect(made.match(/\[8\]/g)).toHaveLength(1);
});

test('mergeTails makes one of two that differ in where they load from', () => {
  const made = after(
    'mergeTails',
    `
    v0 = load.2 [12]
    v1 = 0x86dd
    if v0 == v1 then b1 else b3
    v2 = load.2 [54]
    v3 = 0x50
    if v2 == v3 then b5 else b2
    v4 = load.2 [56]
    if v4 == v3 then b5 else b6
    v5 = load.1 [14]
    v6 = 0xf
    v7 = v5 & v6
    v8 = 4
    v9 = v7 * v8
    v10 = load.2 [v9 + 14]
    v11 = 0x50
    if v10 == v11 then b5 else b4
    v12 = load.2 [v9 + 16]
    if v12 == v11 then b5 else b6
    accept 96
    reject`,
  );
  expect(made.match(/load\.2 .*/g)).toEqual([
    'load.2 [12]',
    'load.2 [v11 + 14]',
    'load.2 [v11 + 16]',
  ]);
});
