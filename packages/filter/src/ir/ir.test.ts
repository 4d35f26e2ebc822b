import { expect, test } from 'vitest';
import { below } from '../testing/random-classic.ts';
import { commonDominator, dominates, findDominators } from './dominators.ts';
import { printProgram } from './print.ts';
import { interpreter, run } from './run.ts';
import type { Block, BlockId, Program, Terminator, Value, ValueId } from './types.ts';
import { upperBound } from './upper-bound.ts';
import { verify } from './verify.ts';
import { valuesById } from './visit.ts';

const v = (id: number): ValueId => id as ValueId;
const b = (id: number): BlockId => id as BlockId;
const always = (yes: number, no = yes): Terminator => ({
  kind: 'branch',
  test: { op: '>', left: v(0), right: v(1) },
  yes: b(yes),
  no: b(no),
});
const program = (...blocks: [values: Value[], end: Terminator][]): Program => ({
  linkType: 'RAW',
  snapLen: 96,
  blocks: blocks.map(([values, end], id): Block => ({ id: b(id), values, end })),
});

/** Word 0 holds 7 where the packet's first byte is above its second, and else nothing. */
const byPath = program(
  [
    [
      { kind: 'load', id: v(0), size: 1, offset: 0 },
      { kind: 'load', id: v(1), size: 1, offset: 1 },
    ],
    always(1, 2),
  ],
  [
    [
      { kind: 'const', id: v(2), value: 7 },
      { kind: 'store', id: v(3), word: 0, value: v(2) },
    ],
    always(2),
  ],
  [
    [
      { kind: 'recall', id: v(4), word: 0 },
      { kind: 'ancillary', id: v(5), field: 'mark' },
      { kind: 'arith', id: v(6), op: '+', left: v(4), right: v(5) },
    ],
    { kind: 'return-value', value: v(6) },
  ],
);

test('words hold what the way there has stored, ancillary data what is known', () => {
  const go = interpreter(byPath);
  expect(verify(byPath)).toEqual([]);
  expect(go(Uint8Array.of(2, 1))).toBe(7);
  expect(go(Uint8Array.of(1, 2)), 'a word of the run before').toBe(0);
  expect(run(byPath, Uint8Array.of(2, 1), 2, { mark: 0xffffffff })).toBe(6);
  expect(run(byPath, Uint8Array.of(2))).toBe(0);
});

test('a program is printed', () => {
  expect(printProgram(byPath)).toBe(`; RAW, accepts with 96
b0:
  v0 = load.1 [0]
  v1 = load.1 [1]
  if v0 > v1 then b1 else b2
b1:
  v2 = 7
  v3 = m0 := v2
  go to b2
b2:
  v4 = m0
  v5 = ancillary mark
  v6 = v4 + v5
  return v6
`);
});

test('verify tells what is wrong', () => {
  const zero: Value = { kind: 'const', id: v(0), value: 0 };
  const one: Value = { kind: 'const', id: v(1), value: 1 };
  const end: Terminator = { kind: 'return', value: 0 };
  const wrong = (...blocks: Parameters<typeof program>): string =>
    verify(program(...blocks)).join();
  expect(wrong()).toBe('no block');
  expect(wrong([[zero, one], always(0)])).toBe('b0: leads back to b0,b0: leads back to b0');
  expect(wrong([[], end], [[], end])).toBe('b1: nothing leads here');
  expect(wrong([[zero, one], always(1, 2)], [[], end])).toContain('b2, which is not there');
  expect(wrong([[{ kind: 'recall', id: v(0), word: -1 }], end])).toContain('scratch word -1');
  expect(wrong([[{ kind: 'store', id: v(0), word: 0, value: v(9) }], end])).toContain('uses v9');
  expect(wrong([[], { kind: 'return-value', value: v(3) }])).toContain('ends with v3');
  // Defined on one of two ways only.
  const late: Value = { kind: 'length', id: v(2) };
  const use: Terminator = { kind: 'return-value', value: v(2) };
  expect(wrong([[zero, one], always(1, 2)], [[late], always(2)], [[], use])).toContain('v2 before');
  expect(wrong([[zero, one], always(1)], [[late], always(2)], [[], use])).toBe('');
});

test('dominators are those that all paths go through', () => {
  const next = below(1);
  for (let round = 0; round < 20; round++) {
    const count = 2 + next(40);
    const edges = Array.from({ length: count }, (_, id) =>
      id === count - 1 ? [] : [id + 1, id + 1 + next(Math.min(6, count - 1 - id))],
    );
    const graph = program(
      ...edges.map(([yes, no]): [Value[], Terminator] => [
        [],
        yes === undefined ? { kind: 'return', value: 0 } : always(yes, no),
      ]),
    );
    const found = findDominators(graph);
    // By definition: what is not reached when one leaves the block out.
    const all: Set<number>[] = edges.map((_, id) => new Set([id]));
    for (let without = 0; without < count; without++) {
      const reached = new Set(without === 0 ? [] : [0]);
      for (let id = 0; id < count; id++) {
        if (reached.has(id)) for (const to of edges[id]!) if (to !== without) reached.add(to);
      }
      for (let id = 0; id < count; id++) if (!reached.has(id)) all[id]!.add(without);
    }
    for (let one = 0; one < count; one++) {
      for (let other = 0; other < count; other++) {
        expect(dominates(found, b(one), b(other))).toBe(all[other]!.has(one));
        const common = [...all[one]!].filter((id) => all[other]!.has(id));
        expect(commonDominator(found, one, other)).toBe(Math.max(...common));
      }
    }
  }
});

test('no value is above its bound, and bounds of what is used twice come at once', () => {
  const next = below(2);
  const ops = ['+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>'] as const;
  for (let round = 0; round < 300; round++) {
    const values: Value[] = [{ kind: 'load', id: v(0), size: 1, offset: 0 }];
    for (let id = 1; id < 100; id++) {
      const operand = (): ValueId => v(Math.max(0, id - 1 - next(4)));
      if (next(3) === 0) values.push({ kind: 'const', id: v(id), value: next(40) });
      else
        values.push({
          kind: 'arith',
          id: v(id),
          op: ops[next(ops.length)]!,
          left: operand(),
          right: operand(),
        });
    }
    const at = next(100);
    const cut = values.slice(0, at + 1);
    const result = run(
      program([cut, { kind: 'return-value', value: v(at) }]),
      Uint8Array.of(next(256)),
    );
    const byId = valuesById(program([cut, { kind: 'return', value: 0 }]));
    expect(result).toBeLessThanOrEqual(upperBound(v(at), byId));
  }
});
