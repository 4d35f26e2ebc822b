import type { ArithOp, LoadSize, TestOp } from '../ir/types.ts';
import * as op from './opcodes.ts';

/** The two registers: A, the accumulator, and X, the index. */
export type Register = 'a' | 'x';

/** What an instruction's `code` means. */
type Operation =
  /** A = the packet's bytes at k, or at X + k. */
  | { readonly kind: 'load'; readonly size: LoadSize; readonly indexed: boolean }
  /** X = four times the low half of the packet's byte at k. */
  | { readonly kind: 'header-length' }
  | { readonly kind: 'constant' | 'length' | 'recall' | 'store'; readonly register: Register }
  /** A = A op k, or A op X. */
  | { readonly kind: 'arith'; readonly op: ArithOp; readonly by: 'k' | 'x' }
  /** A = -A. */
  | { readonly kind: 'negate' }
  | { readonly kind: 'copy'; readonly from: Register; readonly to: Register }
  /** Skips k instructions. */
  | { readonly kind: 'jump' }
  /** Skips jt instructions if A op k, or A op X, and jf otherwise. */
  | { readonly kind: 'test'; readonly op: TestOp; readonly by: 'k' | 'x' }
  | { readonly kind: 'return'; readonly value: 'k' | 'a' };

export const sizeCodes: Readonly<Record<LoadSize, number>> = { 1: op.B, 2: op.H, 4: op.W };

export const arithCodes: Readonly<Record<ArithOp, number>> = {
  '+': op.ADD,
  '-': op.SUB,
  '*': op.MUL,
  '/': op.DIV,
  '%': op.MOD,
  '&': op.AND,
  '|': op.OR,
  '^': op.XOR,
  '<<': op.LSH,
  '>>': op.RSH,
};

export const testCodes: Readonly<Record<TestOp, number>> = {
  '==': op.JEQ,
  '>': op.JGT,
  '>=': op.JGE,
  '&': op.JSET,
};

const entries = <Key extends string | number>(record: Readonly<Record<Key, number>>) =>
  Object.entries(record) as [string, number][];

/**
 * All instructions by code: those of libpcap's `bpf_filter()`, which are those that the Linux
 * kernel takes too (`chk_code_allowed()` of net/core/filter.c).
 */
export const operations: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  ...entries(sizeCodes).flatMap(([size, code]): [number, Operation][] => [
    [op.LD | op.ABS | code, { kind: 'load', size: Number(size) as LoadSize, indexed: false }],
    [op.LD | op.IND | code, { kind: 'load', size: Number(size) as LoadSize, indexed: true }],
  ]),
  [op.LDX | op.B | op.MSH, { kind: 'header-length' }],
  [op.LD | op.IMM, { kind: 'constant', register: 'a' }],
  [op.LDX | op.IMM, { kind: 'constant', register: 'x' }],
  [op.LD | op.LEN, { kind: 'length', register: 'a' }],
  [op.LDX | op.LEN, { kind: 'length', register: 'x' }],
  [op.LD | op.MEM, { kind: 'recall', register: 'a' }],
  [op.LDX | op.MEM, { kind: 'recall', register: 'x' }],
  [op.ST, { kind: 'store', register: 'a' }],
  [op.STX, { kind: 'store', register: 'x' }],
  ...entries(arithCodes).flatMap(([name, code]): [number, Operation][] => [
    [op.ALU | op.K | code, { kind: 'arith', op: name as ArithOp, by: 'k' }],
    [op.ALU | op.X | code, { kind: 'arith', op: name as ArithOp, by: 'x' }],
  ]),
  [op.ALU | op.NEG, { kind: 'negate' }],
  [op.MISC | op.TAX, { kind: 'copy', from: 'a', to: 'x' }],
  [op.MISC | op.TXA, { kind: 'copy', from: 'x', to: 'a' }],
  [op.JMP | op.JA, { kind: 'jump' }],
  ...entries(testCodes).flatMap(([name, code]): [number, Operation][] => [
    [op.JMP | op.K | code, { kind: 'test', op: name as TestOp, by: 'k' }],
    [op.JMP | op.X | code, { kind: 'test', op: name as TestOp, by: 'x' }],
  ]),
  [op.RET | op.K, { kind: 'return', value: 'k' }],
  [op.RET | op.A, { kind: 'return', value: 'a' }],
]);
