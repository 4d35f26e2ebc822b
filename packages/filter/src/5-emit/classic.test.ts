import { expect, test } from 'vitest';
import { compile } from '../compile.ts';
import { interpreter } from '../ir/run.ts';
import type { BlockId, Program, Value, ValueId } from '../ir/types.ts';
import { below, randomClassic } from '../testing/random-classic.ts';
import { randomAncillary, randomPacket } from '../testing/random-packet.ts';
import { runClassic } from '../testing/run-classic.ts';
import { toClassic } from './classic.ts';
import { checkClassic, fromClassic } from './from-classic/index.ts';
import { checkKernelLimits } from './kernel-limits.ts';
import type { Instruction } from './opcodes.ts';
import { printAssembly } from './print-classic.ts';
import { TooManyValues } from './too-many-values.ts';

type Row = [code: number, k?: number, jt?: number, jf?: number];
const classic = (...rows: Row[]): Instruction[] =>
  rows.map(([code, k = 0, jt = 0, jf = 0]) => ({ code, jt, jf, k }));
const repeat = (count: number, row: (index: number) => Row[]): Row[] =>
  Array.from({ length: count }, (_, index) => row(index)).flat();

/** Compares on random packets; gives the instructions. */
function emitted(ir: Program, next = below(5), packets = 5): readonly Instruction[] {
  const made = toClassic(ir);
  expect(checkClassic(made)).toEqual([]);
  expect(checkKernelLimits(made, Number.POSITIVE_INFINITY)).toEqual([]);
  const go = interpreter(ir);
  for (let turn = 0; turn < packets; turn++) {
    const packet = randomPacket(next);
    const ancillary = randomAncillary(next);
    const returned = go(packet, packet.length + turn, ancillary);
    expect(runClassic(made, packet, packet.length + turn, ancillary).returned).toBe(returned);
  }
  return made;
}

test('random programs mean what they meant, and the kernel would take them', () => {
  const next = below(21);
  let before = 0;
  let after = 0;
  for (let round = 0; round < 3000; round++) {
    const program = randomClassic(next, 2 + next(round % 20 === 0 ? 150 : 25), true);
    before += program.length;
    after += emitted(fromClassic(program), next).length;
  }
  expect(after).toBeLessThan(before);
});

const compiled = (text: string): Program => {
  const result = compile(text, { linkType: 'EN10MB' });
  if (!result.ok) throw new Error(text);
  return result.program;
};

test('registers are filled once', () => {
  expect(printAssembly(toClassic(compiled('ip and tcp port 80')))).toMatchInlineSnapshot(`
    "(000) ldh      [12]
    (001) jeq      #0x800           jt 2	jf 12
    (002) ldb      [23]
    (003) jeq      #0x6             jt 4	jf 12
    (004) ldh      [20]
    (005) jset     #0x1fff          jt 12	jf 6
    (006) ldxb     4*([14]&0xf)
    (007) ldh      [x + 14]
    (008) jeq      #0x50            jt 11	jf 9
    (009) ldh      [x + 16]
    (010) jeq      #0x50            jt 11	jf 12
    (011) ret      #262144
    (012) ret      #0
    "
  `);
});

test('what differs by way stays in X where ways meet', () => {
  // X = 40 or a header length; then a load behind it.
  const program = classic(
    [0x30, 0],
    [0x15, 4, 0, 2],
    [0xb1, 1],
    [0x05, 1],
    [0x01, 40],
    [0x48, 2],
    [0x15, 80, 0, 1],
    [0x06, 1],
    [0x06, 0],
  );
  expect(toClassic(fromClassic(program))).toHaveLength(program.length);
});

test('a jump that is too far goes to a return or a jump near by', () => {
  const hosts = Array.from({ length: 1000 }, (_, i) => `ether[${i % 60}:4] = ${i}`).join(' or ');
  const made = emitted(compiled(`(${hosts}) and ether[0] = 1`), below(3), 40);
  const count = (code: number): number => made.filter((each) => each.code === code).length;
  expect(made.length).toBeGreaterThan(1000);
  // Two returns, and as many again every 255 instructions at most.
  expect(count(0x05) + count(0x06)).toBeLessThan(2 + 2 * (made.length / 255));
  expect(checkKernelLimits(made)).toEqual([]);
});

test('a program that is longer than the kernel takes is made, and the limit is told', () => {
  const made = toClassic(
    compiled(Array.from({ length: 3000 }, (_, i) => `ether[${i}] = 1`).join(' or ')),
  );
  expect(made.length).toBeGreaterThan(6000);
  expect(checkKernelLimits(made)).toMatchObject([
    { code: 'kernel-too-long', message: expect.stringContaining('4096') },
  ]);
});

test('the end of a block is shared with blocks that begin otherwise', () => {
  const tail: Row[] = [
    [0x50, 9],
    [0x54, 3],
    [0x15, 1, 0, 1],
    [0x06, 1],
    [0x06, 0],
  ];
  const program = classic([0x30, 0], [0x15, 4, 0, 6], [0x01, 2], ...tail, [0x01, 3], ...tail);
  expect(emitted(fromClassic(program)).length).toBeLessThan(program.length - 2);
});

test('values are computed again where memory is full', () => {
  // Forty values of two instructions each, all of them wanted once more in reverse order.
  const rows = repeat(40, (i) => [
    [0x30, i],
    [0x54, 15],
    [0x24, i + 3],
    [0x02, i % 16],
    [0x07],
    [0x0c],
  ]);
  const sums = repeat(16, (i) => [[0x61, i], [0x0c], [0x61, 15 - i], [0xac]]);
  emitted(fromClassic(classic(...rows, ...sums, [0x16])), below(4), 30);
  const loads = Array.from({ length: 30 }, (_, i) => `(ether[${i}] * ether[${i + 1}])`);
  const both = `${loads.join(' + ')} = ${[...loads].reverse().join(' ^ ')}`;
  emitted(compiled(both), below(4), 30);
});

/** Stores into so many words on one of two ways, and returns the sum of them all. */
function manyWords(count: number): Program {
  let ids = 0;
  const id = (): ValueId => ids++ as ValueId;
  const load: Value = { kind: 'load', id: id(), size: 1, offset: 0 };
  const stores = Array.from({ length: count }, (_, word): Value[] => {
    const number: Value = { kind: 'const', id: id(), value: 2 ** word % 1000 };
    return [number, { kind: 'store', id: id(), word, value: number.id }];
  });
  let sum = load.id;
  const sums = Array.from({ length: count }, (_, word): Value[] => {
    const recall: Value = { kind: 'recall', id: id(), word };
    const next: Value = { kind: 'arith', id: id(), op: '+', left: recall.id, right: sum };
    sum = next.id;
    return [recall, next];
  });
  const [b0, b1, b2] = [0 as BlockId, 1 as BlockId, 2 as BlockId];
  const test = { op: '>', left: load.id, right: load.id } as const;
  const notEqual = { ...test, op: '&' } as const;
  return {
    linkType: 'RAW',
    snapLen: 1,
    blocks: [
      { id: b0, values: [load], end: { kind: 'branch', test: notEqual, yes: b1, no: b2 } },
      { id: b1, values: stores.flat(), end: { kind: 'branch', test, yes: b2, no: b2 } },
      { id: b2, values: sums.flat(), end: { kind: 'return-value', value: sum } },
    ],
  };
}

test('more than 16 words that are wanted at once are refused', () => {
  expect(emitted(manyWords(16), below(6), 20).length).toBeGreaterThan(48);
  expect(() => toClassic(manyWords(17))).toThrow(TooManyValues);
});

test('what is beyond any packet rejects, and is no offset of the kernel', () => {
  const value: Value = { kind: 'load', id: 0 as ValueId, size: 1, offset: 0xfffff004 };
  const id = 0 as BlockId;
  const program: Program = {
    linkType: 'RAW',
    snapLen: 1,
    blocks: [{ id, values: [value], end: { kind: 'return', value: 1 } }],
  };
  expect(emitted(program)).toEqual(classic([0x06, 0]));
});

test('deep expressions do not overflow the stack', () => {
  const left = classic([0x30, 3], ...repeat(20_000, (i) => [[0x04, i]]), [0x16]);
  const right = classic([0x30, 3], ...repeat(5000, (i) => [[0x07], [0x30, i % 9], [0x1c]]), [0x16]);
  for (const program of [left, right]) {
    const made = emitted(fromClassic(program));
    expect(made.length).toBeLessThan(1.01 * program.length);
  }
});
