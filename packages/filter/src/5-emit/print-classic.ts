import { symbolAt } from './ancillary.ts';
import { operations } from './instruction-set.ts';
import * as op from './opcodes.ts';

const classNames = ['ld', 'ldx', 'st', 'stx'];
const sizeLetters: Readonly<Record<number, string>> = { [op.W]: '', [op.H]: 'h', [op.B]: 'b' };
const arithNames: Readonly<Record<number, string>> = {
  [op.ADD]: 'add',
  [op.SUB]: 'sub',
  [op.MUL]: 'mul',
  [op.DIV]: 'div',
  [op.MOD]: 'mod',
  [op.AND]: 'and',
  [op.OR]: 'or',
  [op.XOR]: 'xor',
  [op.LSH]: 'lsh',
  [op.RSH]: 'rsh',
};
const jumpNames: Readonly<Record<number, string>> = {
  [op.JEQ]: 'jeq',
  [op.JGT]: 'jgt',
  [op.JGE]: 'jge',
  [op.JSET]: 'jset',
};

const hex = (k: number): string => `#0x${k.toString(16)}`;
/** libpcap prints these with %d. */
const signed = (k: number): string => String(k | 0);

/** `tcpdump -d`: a line for each instruction, jumps with the numbers of the lines they lead to. */
export function printAssembly(instructions: readonly op.Instruction[]): string {
  return instructions.map((instruction, index) => `${assembly(instruction, index)}\n`).join('');
}

/** `tcpdump -dd`: initializers of a C array of `struct bpf_insn`. */
export function printC(instructions: readonly op.Instruction[]): string {
  return instructions
    .map(({ code, jt, jf, k }) => {
      const wide = k.toString(16).padStart(8, '0');
      return `{ 0x${code.toString(16)}, ${jt}, ${jf}, 0x${wide} },\n`;
    })
    .join('');
}

/** `tcpdump -ddd`: the number of instructions, then four decimal numbers for each. */
export function printDecimal(instructions: readonly op.Instruction[]): string {
  const lines = instructions.map(({ code, jt, jf, k }) => `${code} ${jt} ${jf} ${k}\n`);
  return `${instructions.length}\n${lines.join('')}`;
}

/** One line in the format of libpcap's bpf_image(), which does not know `ldx #pktlen` though. */
function assembly(instruction: op.Instruction, index: number): string {
  const [name, operand] = nameAndOperand(instruction, index);
  const head = `(${String(index).padStart(3, '0')}) ${name.padEnd(8)} `;
  if (operations.get(instruction.code)?.kind !== 'test') return head + operand;
  const after = index + 1;
  return `${head}${operand.padEnd(16)} jt ${after + instruction.jt}\tjf ${after + instruction.jf}`;
}

function nameAndOperand({ code, k }: op.Instruction, index: number): [string, string] {
  if (!operations.has(code)) return ['unimp', `0x${code.toString(16)}`];
  const operation = code & 0xf0;
  const isX = (code & 0x08) !== 0;
  switch (code & 7) {
    case op.LD:
    case op.LDX:
      return [classNames[code & 7]! + sizeLetters[code & 0x18]!, loadOperand(code & 0xe0, k)];
    case op.ST:
    case op.STX:
      return [classNames[code & 7]!, `M[${k}]`];
    case op.ALU: {
      if (operation === op.NEG) return ['neg', ''];
      const bitwise = operation === op.AND || operation === op.OR || operation === op.XOR;
      return [arithNames[operation]!, isX ? 'x' : bitwise ? hex(k) : `#${signed(k)}`];
    }
    case op.JMP:
      if (operation === op.JA) return ['ja', String(index + 1 + k)];
      return [jumpNames[operation]!, isX ? 'x' : hex(k)];
    case op.RET:
      return ['ret', (code & 0x18) === op.A ? '' : `#${signed(k)}`];
    default:
      return [code === (op.MISC | op.TAX) ? 'tax' : 'txa', ''];
  }
}

function loadOperand(mode: number, k: number): string {
  switch (mode) {
    case op.IMM:
      return hex(k);
    case op.ABS:
      return `[${symbolAt(k) ?? signed(k)}]`;
    case op.IND:
      return `[x + ${signed(k)}]`;
    case op.MEM:
      return `M[${k}]`;
    case op.LEN:
      return '#pktlen';
    default:
      return `4*([${signed(k)}]&0xf)`;
  }
}
