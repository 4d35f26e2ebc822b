import { describe, expect, test } from 'vitest';
import { fromClassic } from '../5-emit/index.ts';
import { run } from '../ir/run.ts';
import { parseProgram } from '../testing/parse-program.ts';
import { optimize } from './index.ts';

/**
 * What libpcap's own optimizer gets wrong, by the numbers of its issues: programs as they are
 * before it, with packets that it judges wrongly.
 */
describe('right where libpcap is wrong', () => {
  const bytes = (length: number, set: Readonly<Record<number, number>> = {}): Uint8Array => {
    const packet = new Uint8Array(length);
    for (const [at, byte] of Object.entries(set)) packet[Number(at)] = byte;
    return packet;
  };

  test('1699: 1/2=1/3&&1>4/5&&1>6/7 accepts all', () => {
    const quotient = (id: number, a: number, b: number): string =>
      `v${id} = ${a}\nv${id + 1} = ${b}\nv${id + 2} = v${id} / v${id + 1}\n`;
    const program = parseProgram(`
      ${quotient(0, 1, 2)}${quotient(3, 1, 3)}
      if v2 == v5 then b1 else b4
      ${quotient(6, 4, 5)}
      v9 = 1
      if v9 > v8 then b2 else b4
      ${quotient(10, 6, 7)}
      if v9 > v12 then b3 else b4
      accept 96
      reject`);
    const after = optimize(program);
    expect(after.blocks).toHaveLength(1);
    expect(run(after, bytes(0))).toBe(96);
  });

  test('1670: a word that only one way stores into is kept', () => {
    // As in `vxlan and ip`: where the inner header begins depends on the outer one.
    const program = parseProgram(`
      v0 = load.1 [0]
      v1 = 4
      if v0 == v1 then b1 else b2
      v2 = 20
      v3 = m1 := v2
      if v2 == v2 then b3 else b3
      v4 = 40
      v5 = m1 := v4
      if v4 == v4 then b3 else b3
      v6 = m1
      v7 = load.1 [v6 + 2]
      v8 = 9
      if v7 == v8 then b4 else b5
      accept 96
      reject`);
    const after = optimize(program);
    expect(run(after, bytes(60, { 0: 4, 22: 9 }))).toBe(96);
    expect(run(after, bytes(60, { 0: 4, 42: 9 }))).toBe(0);
    expect(run(after, bytes(60, { 0: 6, 42: 9 }))).toBe(96);
    expect(run(after, bytes(60, { 0: 6, 2: 9 }))).toBe(0);
  });

  test('1192: a word that is stored into twice holds the one, then the other', () => {
    const program = parseProgram(`
      v0 = load.1 [3]
      v1 = m1 := v0
      v2 = length
      v3 = 100
      v4 = m1 := v3
      v5 = m1
      if v2 > v5 then b1 else b3
      v6 = load.1 [v0 + 1]
      v7 = m1
      if v6 == v7 then b2 else b3
      accept 96
      reject`);
    const after = optimize(program);
    expect(run(after, bytes(120, { 3: 50, 51: 100 }))).toBe(96);
    expect(run(after, bytes(120, { 3: 50, 51: 50 }))).toBe(0);
  });

  test('945: jset #0xffffffff is not always true', () => {
    const program = parseProgram(`
      v0 = load.1 [0]
      v1 = 0xffffffff
      v2 = v0 & v1
      v3 = 0
      if v2 == v3 then b2 else b1
      accept 96
      reject`);
    const after = optimize(program);
    expect(run(after, bytes(1))).toBe(0);
    expect(run(after, bytes(1, { 0: 1 }))).toBe(96);
  });

  test('a load of which only 0 comes is still a load', () => {
    // link[0:4] & 0 == 0: libpcap's optimizer accepts what is shorter than four bytes.
    const instructions = [
      { code: 0x20, jt: 0, jf: 0, k: 0 },
      { code: 0x54, jt: 0, jf: 0, k: 0 },
      { code: 0x15, jt: 0, jf: 1, k: 0 },
      { code: 0x06, jt: 0, jf: 0, k: 96 },
      { code: 0x06, jt: 0, jf: 0, k: 0 },
    ];
    const after = optimize(fromClassic(instructions));
    expect(run(after, bytes(3))).toBe(0);
    expect(run(after, bytes(4))).toBe(96);
  });
});
