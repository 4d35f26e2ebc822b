/**
 * Classic BPF opcodes, as <net/bpf.h> and <linux/bpf_common.h> number them: a class in the low
 * three bits, and size, mode, operation or operand in those above.
 */
export const LD = 0x00;
export const LDX = 0x01;
export const ST = 0x02;
export const STX = 0x03;
export const ALU = 0x04;
export const JMP = 0x05;
export const RET = 0x06;
export const MISC = 0x07;

export const W = 0x00;
export const H = 0x08;
export const B = 0x10;

export const IMM = 0x00;
export const ABS = 0x20;
export const IND = 0x40;
export const MEM = 0x60;
export const LEN = 0x80;
export const MSH = 0xa0;

export const K = 0x00;
export const X = 0x08;
/** Of a `ret`: what A holds. */
export const A = 0x10;

export const ADD = 0x00;
export const SUB = 0x10;
export const MUL = 0x20;
export const DIV = 0x30;
export const OR = 0x40;
export const AND = 0x50;
export const LSH = 0x60;
export const RSH = 0x70;
export const NEG = 0x80;
export const MOD = 0x90;
export const XOR = 0xa0;

export const JA = 0x00;
export const JEQ = 0x10;
export const JGT = 0x20;
export const JGE = 0x30;
export const JSET = 0x40;

export const TAX = 0x00;
export const TXA = 0x80;

/** Words of scratch memory, M[0] to M[15] (BPF_MEMWORDS). */
export const memoryWords = 16;

/** The largest number that each field of an instruction can hold; the smallest is 0. */
export const largestInField = { code: 0xffff, jt: 0xff, jf: 0xff, k: 0xffffffff } as const;

/** One instruction: `struct bpf_insn` of libpcap, `struct sock_filter` of Linux. */
export interface Instruction {
  /** What to do: an opcode of <net/bpf.h>. */
  readonly code: number;
  /** Instructions to skip where a jump's test holds, and where it does not: 0 to 255. */
  readonly jt: number;
  readonly jf: number;
  /** The operand: an unsigned number of 32 bits. */
  readonly k: number;
}
