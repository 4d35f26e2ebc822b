import { describe, expect, test } from 'vitest';
import { compile } from '../compile.ts';
import { printProgram } from '../ir/print.ts';
import { after } from '../testing/after-pass.ts';
import { parseProgram } from '../testing/parse-program.ts';
import { passes } from './index.ts';

/** Lists come out so that a back end finds them: all tests of one value one after the other. */
const many = (count: number, term: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => term(index)).join(' or ');
const net = (index: number): string =>
  `net ${10 + (index >> 8)}.${index & 255}.0.0/${16 + (index % 9)}`;
const portOrRange = (index: number): string =>
  index % 2 ? `tcp port ${9 * index}` : `tcp portrange ${9 * index}-${9 * index + 5}`;
const isTest = (line: string): boolean => line.startsWith('  if ');

/** The values that a program's tests ask about, without their masks, each time that they change. */
function changes(text: string): string[] {
  const compiled = compile(text, { linkType: 'RAW' });
  if (!compiled.ok) throw new Error(compiled.diagnostics[0]!.message);
  const lines = printProgram(compiled.program).split('\n');
  const masked = new Map<string, string>();
  for (const line of lines) {
    const [, made, of] = /^ {2}(v\d+) = (v\d+) & v\d+$/.exec(line) ?? [];
    if (made !== undefined) masked.set(made, of!);
  }
  const asked = lines.filter(isTest).map((line) => line.split(' ')[3]!);
  const values = asked.map((value) => masked.get(value) ?? value);
  return values.filter((value, index) => value !== values[index - 1]);
}

// The first term's source is asked about before it is known whether there is a destination.
test.each([
  ['networks of one mask', many(3, (at) => `net ${10 + 2 * at}.0.0.0/8`), 1 + 3],
  ['networks and hosts', many(40, (at) => (at % 3 ? net(at) : `host 1.2.3.${at}`)), 1 + 3],
  ['ports and ranges', `ip and (${many(30, portOrRange)})`, 3 + 3],
])('%s', (_, text, most) => {
  expect(changes(text)).toHaveLength(most);
});

test.each([
  ['hosts', many(1000, (at) => `host 10.1.${at >> 7}.${2 * (at & 127)}`), 2],
  ['networks', many(1000, net), 2],
  ['ports', many(1000, (at) => `port ${3 * at}`), 2],
  ['ranges of ports', many(1000, (at) => `portrange ${16 * at}-${16 * at + 9}`), 4],
])('%s: a thousand are a thousand comparisons', (_, text, each) => {
  const compiled = compile(text, { linkType: 'EN10MB' });
  const { length } = (compiled.ok && compiled.program.blocks) || [];
  expect(length).toBeGreaterThan(990 * each);
  expect(length).toBeLessThan(1000 * each + 20);
});

test('groupTests loads each value once', () => {
  const made = after(
    'groupTests',
    `
    v0 = load.4 [26]
    v1 = load.4 [30]
    v2 = 1
    if v0 == v2 then b5 else b1
    if v1 == v2 then b5 else b2
    v3 = 2
    if v0 == v3 then b5 else b3
    if v1 == v3 then b5 else b4
    reject
    accept 96`,
  );
  expect(made.match(/if v\d/g)).toEqual(['if v0', 'if v0', 'if v1', 'if v1']);
});

test('groupTests puts together what is asked about one value, whatever the mask', () => {
  const made = after(
    'groupTests',
    `
    v0 = load.4 [26]
    v1 = load.4 [30]
    v2 = 0xff000000
    v3 = v0 & v2
    v4 = 0xa000000
    if v3 == v4 then b6 else b1
    v5 = v1 & v2
    if v5 == v4 then b6 else b2
    v6 = 1
    if v0 == v6 then b6 else b3
    if v1 == v6 then b6 else b4
    v7 = 0xc000000
    if v3 == v7 then b6 else b5
    if v5 == v7 then b6 else b7
    accept 96
    reject`,
  );
  expect(made.match(/^ .* = .* &|if v\d+/gm)).toEqual([
    '  v3 = v0 &',
    'if v3',
    'if v3',
    'if v0',
    'if v1',
    '  v7 = v1 &',
    'if v7',
    'if v7',
  ]);
});

describe('mergeRanges', () => {
  const list = (...numbers: number[]): string =>
    [
      ...numbers.map(
        (number, at) => `${at === 0 ? 'v0 = load.1 [0]' : ''}
          v${at + 1} = ${number}
          if v0 == v${at + 1} then b${numbers.length} else b${at + 1 === numbers.length ? at + 2 : at + 1}`,
      ),
      'accept 96',
      'reject',
    ].join('\n');

  test('neighbours are a range', () => {
    const made = after('mergeRanges', list(80, 82, 81));
    expect(made.match(/if .*/g)).toEqual([
      'if v0 >= v1 then b1 else b3',
      'if v0 > v2 then b3 else b2',
    ]);
  });

  test('a range takes in its neighbours', () => {
    const made = after(
      'mergeRanges',
      `
      v0 = load.1 [0]
      v1 = 80
      if v0 >= v1 then b1 else b2
      v2 = 90
      if v0 > v2 then b2 else b4
      v3 = 91
      if v0 == v3 then b4 else b3
      v4 = 99
      if v0 == v4 then b4 else b5
      accept 96
      reject`,
    );
    expect(made.match(/= \d.*|= 0x.*|if .*/g)).toEqual([
      '= 0x50',
      'if v0 >= v1 then b1 else b2',
      '= 0x5b',
      'if v0 > v2 then b2 else b3',
      '= 0x63',
      'if v0 == v3 then b3 else b4',
    ]);
  });

  test('numbers apart stay as they are', () => {
    const program = parseProgram(list(80, 90, 99));
    expect(passes.find(({ name }) => name === 'mergeRanges')!.run(program)).toBe(program);
  });
});
