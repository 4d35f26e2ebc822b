import type { ArithOp, Block, LoadSize, TestOp, Value, ValueId } from '../ir/types.ts';
import { operands, testOperands } from '../ir/visit.ts';
import * as op from './opcodes.ts';

/** A block in instructions, but for where its jump leads. */
export interface Selected {
  readonly body: readonly op.Instruction[];
  /** How the block ends, unless it returns. `swapped`: it holds where the block's test does not. */
  readonly jump: Jump | undefined;
}

export interface Jump {
  readonly code: number;
  readonly k: number;
  readonly swapped: boolean;
}

const sizes: Readonly<Record<LoadSize, number>> = { 1: op.B, 2: op.H, 4: op.W };
const arithCodes: Readonly<Record<ArithOp, number>> = {
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
const testCodes: Readonly<Record<TestOp, number>> = {
  '==': op.JEQ,
  '>': op.JGT,
  '>=': op.JGE,
  '&': op.JSET,
};
const commutative: ReadonlySet<ArithOp> = new Set(['+', '*', '&', '|', '^']);

/**
 * Chooses instructions for a block. A value that is used once is computed where it is used, into A
 * or X; one that is used more often is kept in a word of scratch memory.
 *
 * @param slots words of scratch memory for values that are used more than once, by value
 */
export function select(
  block: Block,
  values: ReadonlyMap<ValueId, Value>,
  slots: ReadonlyMap<ValueId, number>,
): Selected {
  const body: op.Instruction[] = [];
  let nextTemporary = slots.size;
  const emit = (code: number, k = 0): void => void body.push({ code, jt: 0, jf: 0, k });
  const isConstant = (id: ValueId): boolean => values.get(id)!.kind === 'const';
  const constant = (id: ValueId): number => (values.get(id) as { value: number }).value;

  const usedHere = new Set([...block.values.flatMap(operands), ...testOperands(block.end)]);
  for (const value of block.values) {
    const slot = slots.get(value.id);
    if (slot !== undefined) {
      compute(value);
      emit(op.ST, slot);
    } else if (!usedHere.has(value.id) && value.kind !== 'const') {
      // Nothing wants it, but it may reject the packet.
      compute(value);
    }
  }
  const end = block.end;
  if (end.kind === 'return') return { body: [...body, ret(end.value)], jump: undefined };
  return { body, jump: selectTest(end.test.op, end.test.left, end.test.right) };

  function selectTest(test: TestOp, left: ValueId, right: ValueId): Jump {
    const code = op.JMP | testCodes[test];
    if (isConstant(left) && !isConstant(right)) {
      // Only A can be tested: `c > v` is the contrary of `v >= c`.
      const other = { '==': '==', '&': '&', '>': '>=', '>=': '>' } as const;
      intoA(right);
      const swapped = test === '>' || test === '>=';
      return { code: op.JMP | testCodes[other[test]], k: constant(left), swapped };
    }
    if (isConstant(right)) {
      intoA(left);
      return { code, k: constant(right), swapped: false };
    }
    intoAandX(left, right);
    return { code: code | op.X, k: 0, swapped: false };
  }

  function intoA(id: ValueId): void {
    const slot = slots.get(id);
    if (slot !== undefined) emit(op.LD | op.MEM, slot);
    else compute(values.get(id)!);
  }

  /** Leaves a value in A. */
  function compute(value: Value): void {
    switch (value.kind) {
      case 'const':
        emit(op.LD | op.IMM, value.value);
        break;
      case 'length':
        emit(op.LD | op.W | op.LEN);
        break;
      case 'load': {
        if (value.index !== undefined) intoX(value.index);
        const mode = value.index === undefined ? op.ABS : op.IND;
        emit(op.LD | mode | sizes[value.size], value.offset);
        break;
      }
      case 'arith':
        computeArith(value.op, value.left, value.right);
        break;
      default:
        value satisfies never;
    }
  }

  function computeArith(operation: ArithOp, left: ValueId, right: ValueId): void {
    const code = op.ALU | arithCodes[operation];
    if (isConstant(left) && !isConstant(right)) {
      if (commutative.has(operation)) {
        computeArith(operation, right, left);
        return;
      }
      if (operation === '-' && constant(left) === 0) {
        intoA(right);
        emit(op.ALU | op.NEG);
        return;
      }
    }
    if (isConstant(right) && isEncodable(operation, constant(right))) {
      intoA(left);
      emit(code, constant(right));
    } else {
      intoAandX(left, right);
      emit(code | op.X);
    }
  }

  /** Leaves one value in A and another in X. */
  function intoAandX(left: ValueId, right: ValueId): void {
    if (goesToXAlone(right)) {
      intoA(left);
      intoX(right);
    } else if (!needsX(left)) {
      intoX(right);
      intoA(left);
    } else {
      const temporary = nextTemporary++;
      if (temporary >= op.memoryWords) throw new TooManyValues();
      intoA(right);
      emit(op.ST, temporary);
      intoA(left);
      emit(op.LDX | op.MEM, temporary);
      nextTemporary--;
    }
  }

  /** Leaves a value in X; A is lost unless the value goes there alone. */
  function intoX(id: ValueId): void {
    const slot = slots.get(id);
    const value = values.get(id)!;
    const header = headerLengthOffset(id);
    if (slot !== undefined) emit(op.LDX | op.MEM, slot);
    else if (value.kind === 'const') emit(op.LDX | op.IMM, value.value);
    else if (header !== undefined) emit(op.LDX | op.B | op.MSH, header);
    else {
      compute(value);
      emit(op.MISC | op.TAX);
    }
  }

  function goesToXAlone(id: ValueId): boolean {
    const { kind } = values.get(id)!;
    // `ldx #pktlen` exists, but libpcap cannot print it and other readers mistake it.
    return slots.has(id) || kind === 'const' || headerLengthOffset(id) !== undefined;
  }

  function needsX(id: ValueId): boolean {
    if (slots.has(id)) return false;
    const value = values.get(id)!;
    if (value.kind === 'load') return value.index !== undefined;
    return value.kind === 'arith' && (!isConstant(value.right) || needsX(value.left));
  }

  /** The `k` of `4*([k]&0xf)`, which one instruction loads into X. */
  function headerLengthOffset(id: ValueId): number | undefined {
    const times = values.get(id)!;
    if (times.kind !== 'arith' || times.op !== '*' || slots.has(id)) return undefined;
    const and = values.get(times.left)!;
    const four = values.get(times.right)!;
    if (and.kind !== 'arith' || and.op !== '&' || slots.has(and.id)) return undefined;
    const byte = values.get(and.left)!;
    const mask = values.get(and.right)!;
    const matches =
      four.kind === 'const' &&
      four.value === 4 &&
      mask.kind === 'const' &&
      mask.value === 0xf &&
      byte.kind === 'load' &&
      byte.size === 1 &&
      byte.index === undefined &&
      !slots.has(byte.id);
    return matches ? byte.offset : undefined;
  }
}

/** bpf_validate() refuses these as constants; in X they do what they mean. */
function isEncodable(operation: ArithOp, right: number): boolean {
  if (operation === '/' || operation === '%') return right !== 0;
  return (operation !== '<<' && operation !== '>>') || right < 32;
}

const ret = (k: number): op.Instruction => ({ code: op.RET | op.K, jt: 0, jf: 0, k });

/** More values are alive at once than classic BPF has scratch memory for. */
export class TooManyValues extends Error {
  constructor() {
    super(
      `the filter needs more than the ${op.memoryWords} words of scratch memory of classic BPF`,
    );
  }
}
