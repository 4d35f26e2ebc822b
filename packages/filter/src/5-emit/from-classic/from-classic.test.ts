import { expect, test } from 'vitest';
import { interpreter } from '../../ir/run.ts';
import type { Program } from '../../ir/types.ts';
import { verify } from '../../ir/verify.ts';
import { below, randomClassic } from '../../testing/random-classic.ts';
import { randomAncillary, randomPacket } from '../../testing/random-packet.ts';
import { runClassic } from '../../testing/run-classic.ts';
import type { Instruction } from '../opcodes.ts';
import { printDecimal } from '../print-classic.ts';
import {
  BadProgram,
  checkClassic,
  fromClassic,
  readClassicBytes,
  readClassicText,
} from './index.ts';

const program = (...rows: [code: number, jt: number, jf: number, k: number][]): Instruction[] =>
  rows.map(([code, jt, jf, k]) => ({ code, jt, jf, k }));

const words = ({ blocks }: Program): string[] =>
  blocks
    .flatMap(({ values }) => values.map(({ kind }) => kind))
    .filter((kind) => kind === 'store' || kind === 'recall');

test('random programs mean the same to the interpreter of the IR', () => {
  const next = below(11);
  let accepted = 0;
  for (let round = 0; round < 3000; round++) {
    const classic = randomClassic(next, 2 + next(round % 20 === 0 ? 150 : 25), true);
    expect(checkClassic(classic)).toEqual([]);
    const ir = fromClassic(classic, { linkType: 'NULL' });
    expect(verify(ir)).toEqual([]);
    const go = interpreter(ir);
    for (let turn = 0; turn < 5; turn++) {
      const packet = randomPacket(next);
      const ancillary = randomAncillary(next);
      const { returned } = runClassic(classic, packet, packet.length + turn, ancillary);
      expect(go(packet, packet.length + turn, ancillary)).toBe(returned);
      if (returned > 0) accepted++;
    }
  }
  expect(accepted).toBeGreaterThan(2000);
});

test('words are only used where different values meet', () => {
  // A is 5 on both ways, X is the same load on both, M[0] differs.
  const classic = program(
    [0x30, 0, 0, 0], // ldb [0]
    [0x07, 0, 0, 0], // tax
    [0x15, 0, 3, 1], // jeq #1
    [0x00, 0, 0, 9], // ld #9
    [0x02, 0, 0, 0], // st M[0]
    [0x05, 0, 0, 2], // ja
    [0x00, 0, 0, 7], // ld #7
    [0x02, 0, 0, 0], // st M[0]
    [0x00, 0, 0, 5], // ld #5
    [0x0c, 0, 0, 0], // add x
    [0x61, 0, 0, 0], // ldx M[0]
    [0x1c, 0, 0, 0], // sub x
    [0x16, 0, 0, 0], // ret a
  );
  const ir = fromClassic(classic);
  expect(words(ir)).toEqual(['store', 'store', 'recall']);
  expect([0, 1].map((first) => interpreter(ir)(Uint8Array.of(first)))).toEqual([
    2 ** 32 - 2,
    2 ** 32 - 3,
  ]);
  expect(
    words(
      fromClassic(
        classic.slice(0, 3).concat(program([6, 0, 0, 1], [6, 0, 0, 0], [6, 0, 0, 0], [6, 0, 0, 0])),
      ),
    ),
  ).toEqual([]);
});

test('what an accepting program returns is found, or told', () => {
  const classic = program([0x30, 0, 0, 0], [0x15, 0, 1, 1], [6, 0, 0, 96], [6, 0, 0, 0]);
  expect(fromClassic(classic)).toMatchObject({ linkType: 'EN10MB', snapLen: 96 });
  expect(fromClassic(classic, { linkType: 'RAW', snapLen: 5 })).toMatchObject({
    linkType: 'RAW',
    snapLen: 5,
  });
});

test.each([
  ['nothing at all', program(), 'classic-empty'],
  ['an opcode that is none', program([0x99, 0, 0, 0], [6, 0, 0, 0]), 'classic-opcode'],
  ['a jump behind the end', program([0x05, 0, 0, 1], [6, 0, 0, 0]), 'classic-jump'],
  ['a far jump of a test', program([0x15, 0, 9, 1], [6, 0, 0, 0]), 'classic-jump'],
  ['a loop', program([0x30, 0, 0, 0], [0x05, 0, 0, 0xfffffffe], [6, 0, 0, 0]), 'classic-loop'],
  ['no return', program([6, 0, 0, 0], [0x30, 0, 0, 0]), 'classic-no-return'],
  ['a word that is not there', program([0x61, 0, 0, 16], [6, 0, 0, 0]), 'classic-memory'],
  [
    'a load from the network header',
    program([0x30, 0, 0, 0xfff00009], [6, 0, 0, 0]),
    'classic-load',
  ],
  ['one from the link header', program([0x50, 0, 0, 0xffe00000], [6, 0, 0, 0]), 'classic-load'],
  ['a random number', program([0x20, 0, 0, 0xfffff038], [6, 0, 0, 0]), 'classic-load'],
])('%s is refused', (_, classic, code) => {
  expect(checkClassic(classic).map((each) => each.code)).toEqual([code]);
  expect(() => fromClassic(classic)).toThrow(BadProgram);
});

test.each([Number.NaN, -4096, 0.5, 2 ** 32])('%s is no field of an instruction', (number) => {
  const ends: Instruction = { code: 6, jt: 0, jf: 0, k: 0 };
  for (const field of ['code', 'jt', 'jf', 'k'] as const) {
    const [fault, ...more] = checkClassic([{ ...ends, [field]: number }, ends]);
    expect(fault).toMatchObject({ code: 'classic-number', span: { start: 0, end: 1 } });
    expect(more).toEqual([]);
  }
});

test('link types are taken by any of their names, and none but them', () => {
  const classic = program([6, 0, 0, 1]);
  expect(fromClassic(classic, { linkType: 'dlt_raw' }).linkType).toBe('RAW');
  expect(fromClassic(classic, { snapLen: 0 }).snapLen).toBe(0);
  expect(() => fromClassic(classic, { linkType: 'foo' })).toThrow(BadProgram);
  expect(() => fromClassic(classic, { snapLen: Number.NaN })).toThrow(BadProgram);
});

test('an unreachable fault counts, and faults tell their instruction', () => {
  const classic = program([6, 0, 0, 0], [0x61, 0, 0, 99], [6, 0, 0, 0]);
  const spans = [0, 10, 20].map((start) => ({ start, end: start + 9 }));
  expect(checkClassic(classic, spans)).toMatchObject([
    {
      span: { start: 10, end: 19 },
      message: 'instruction 1: there is no M[99], the last word of memory is M[15]',
    },
  ]);
});

test('what fails at run time only is taken: it rejects', () => {
  const far = fromClassic(program([0x30, 0, 0, 0x7fffffff], [6, 0, 0, 1]));
  expect(interpreter(far)(new Uint8Array(100))).toBe(0);
  const divided = fromClassic(program([0x34, 0, 0, 0], [6, 0, 0, 1]));
  expect(interpreter(divided)(new Uint8Array(100))).toBe(0);
});

test('long chains of instructions are no trouble', () => {
  const classic = [
    ...program([0x30, 0, 0, 0]),
    ...Array.from({ length: 50_000 }, () => ({ code: 0x04, jt: 0, jf: 0, k: 3 })),
    ...program([0x16, 0, 0, 0]),
  ];
  expect(interpreter(fromClassic(classic))(Uint8Array.of(1))).toBe(150_001);
});

const arp = program([40, 0, 0, 12], [21, 0, 1, 2054], [6, 0, 0, 262144], [6, 0, 0, 0]);

test('the text of tcpdump -ddd is read, and that of iptables', () => {
  expect(readClassicText(printDecimal(arp))).toMatchObject({ ok: true, instructions: arp });
  expect(readClassicText('4,40 0 0 12,21 0 1 2054,6 0 0 262144,6 0 0 0')).toEqual({
    ok: true,
    instructions: arp,
    spans: [
      { start: 2, end: 11 },
      { start: 12, end: 23 },
      { start: 24, end: 36 },
      { start: 37, end: 44 },
    ],
  });
});

test.each([
  ['', 'classic-empty', 0, 0],
  ['tcp\n6 0 0 0\n', 'classic-syntax', 0, 3],
  ['2\n6 0 0 0\n', 'classic-count', 0, 1],
  ['1\n6 0 0\n', 'classic-syntax', 2, 7],
  ['1\n(000) ret #0\n', 'classic-syntax', 2, 14],
  ['1\n6 0 256 0\n', 'classic-number', 2, 11],
  ['1\n6 0 0 4294967296\n', 'classic-number', 2, 18],
])('text %j is refused', (text, code, start, end) => {
  expect(readClassicText(text)).toMatchObject({
    ok: false,
    diagnostics: [{ code, span: { start, end } }],
  });
});

test('an array of struct sock_filter is read', () => {
  const bytes = Uint8Array.from(
    arp.flatMap(({ code, jt, jf, k }) => [
      code & 0xff,
      code >>> 8,
      jt,
      jf,
      k & 0xff,
      (k >>> 8) & 0xff,
      (k >>> 16) & 0xff,
      k >>> 24,
    ]),
  );
  // In the middle of a larger buffer.
  const inside = new Uint8Array([9, ...bytes, 9]).subarray(1, -1);
  expect(readClassicBytes(inside)).toMatchObject({ ok: true, instructions: arp });
  expect(readClassicBytes(bytes.subarray(1))).toMatchObject({
    diagnostics: [{ code: 'classic-bytes' }],
  });
  expect(readClassicBytes(new Uint8Array(0))).toMatchObject({
    diagnostics: [{ code: 'classic-empty' }],
  });
});
