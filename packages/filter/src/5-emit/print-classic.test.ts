import { expect, test } from 'vitest';
import { printAssembly, printC, printDecimal } from './print-classic.ts';

const rows: [code: number, jt: number, jf: number, k: number][] = [
  [0x20, 0, 0, 0xfffff008],
  [0x28, 0, 0, 0xfffff02c],
  [0x30, 0, 0, 0xffffffff],
  [0x81, 0, 0, 0],
  [0x03, 0, 0, 15],
  [0x84, 0, 0, 0],
  [0xa4, 0, 0, 0x10],
  [0x94, 0, 0, 0xfffffffe],
  [0x2d, 1, 2, 7],
  [0x45, 0, 1, 0x1fff],
  [0x05, 0, 0, 1],
  [0x99, 0, 0, 0],
  [0x16, 0, 0, 0],
];
const instructions = rows.map(([code, jt, jf, k]) => ({ code, jt, jf, k }));

test('what few filters have is printed as libpcap prints it', () => {
  expect(printAssembly(instructions)).toBe(`(000) ld       [ifidx]
(001) ldh      [vlan_tci]
(002) ldb      [-1]
(003) ldx      #pktlen
(004) stx      M[15]
(005) neg      
(006) xor      #0x10
(007) mod      #-2
(008) jgt      x                jt 10\tjf 11
(009) jset     #0x1fff          jt 10\tjf 11
(010) ja       12
(011) unimp    0x99
(012) ret      
`);
  expect(printC(instructions.slice(8, 9))).toBe('{ 0x2d, 1, 2, 0x00000007 },\n');
  expect(printDecimal(instructions.slice(0, 1))).toBe('1\n32 0 0 4294963208\n');
});
