import { xorOffset } from '../ancillary.ts';
import { operations } from '../instruction-set.ts';
import { type Instruction, memoryWords } from '../opcodes.ts';

/** What a program keeps from one instruction to the next: M[0] to M[15], and the registers. */
export const variables = { a: memoryWords, x: memoryWords + 1, count: memoryWords + 2 } as const;

/** A run of instructions that is entered at its first one only. */
export interface Stretch {
  readonly start: number;
  /** Behind its last instruction. */
  readonly end: number;
  /** The first instructions of the stretches that it leads to: where a test holds first. */
  readonly to: readonly number[];
  /** A bit for each variable that is read here or later before it is written. */
  readonly live: number;
}

/**
 * Cuts a checked program into stretches: those that are reached, in order. An unconditional jump
 * is an edge and no instruction of any stretch.
 */
export function findStretches(instructions: readonly Instruction[]): Stretch[] {
  const final = followJumps(instructions);
  const starts = findStarts(instructions, final);
  const stretches: Stretch[] = [];
  const liveAt = new Int32Array(instructions.length);
  for (let start = instructions.length - 1; start >= 0; start--) {
    if (starts[start] === 0) continue;
    const { end, to } = findEnd(instructions, final, starts, start);
    let live = to.reduce((bits, next) => bits | liveAt[next]!, 0);
    for (let index = end - 1; index >= start; index--)
      live = liveBefore(instructions[index]!, live);
    liveAt[start] = live;
    stretches.push({ start, end, to, live });
  }
  return stretches.reverse();
}

/** For each instruction, where a path that comes to it ends up: behind all unconditional jumps. */
function followJumps(instructions: readonly Instruction[]): Int32Array {
  const final = new Int32Array(instructions.length);
  for (let index = instructions.length - 1; index >= 0; index--) {
    const { code, k } = instructions[index]!;
    final[index] = operations.get(code)!.kind === 'jump' ? final[index + 1 + k]! : index;
  }
  return final;
}

/** Marks with 1 the instructions with which a stretch begins that is reached. */
function findStarts(instructions: readonly Instruction[], final: Int32Array): Uint8Array {
  const starts = new Uint8Array(instructions.length);
  const reached = new Uint8Array(instructions.length);
  starts[final[0]!] = reached[final[0]!] = 1;
  instructions.forEach(({ code, jt, jf }, index) => {
    if (reached[index] === 0) return;
    const { kind } = operations.get(code)!;
    if (kind === 'test') {
      for (const by of [jt, jf]) {
        const to = final[index + 1 + by]!;
        starts[to] = reached[to] = 1;
      }
    } else if (kind !== 'return') {
      const next = final[index + 1]!;
      reached[next] = 1;
      if (next !== index + 1) starts[next] = 1;
    }
  });
  return starts;
}

function findEnd(
  instructions: readonly Instruction[],
  final: Int32Array,
  starts: Uint8Array,
  start: number,
): { end: number; to: number[] } {
  for (let index = start; ; index++) {
    const { code, jt, jf } = instructions[index]!;
    const { kind } = operations.get(code)!;
    const end = index + 1;
    if (kind === 'return') return { end, to: [] };
    if (kind === 'test') return { end, to: [final[end + jt]!, final[end + jf]!] };
    const next = final[end]!;
    if (next !== end || starts[next] === 1) return { end, to: [next] };
  }
}

/** The variables that are needed before an instruction, from those needed after it. */
function liveBefore({ code, k }: Instruction, after: number): number {
  const a = 1 << variables.a;
  const x = 1 << variables.x;
  const operation = operations.get(code)!;
  switch (operation.kind) {
    case 'load':
      if (!operation.indexed && k === xorOffset) return after | a | x;
      return (after & ~a) | (operation.indexed ? x : 0);
    case 'header-length':
      return after & ~x;
    case 'constant':
    case 'length':
      return after & ~(operation.register === 'a' ? a : x);
    case 'recall':
      return (after & ~(operation.register === 'a' ? a : x)) | (1 << k);
    case 'store':
      return (after & ~(1 << k)) | (operation.register === 'a' ? a : x);
    case 'copy':
      return operation.from === 'a' ? (after & ~x) | a : (after & ~a) | x;
    case 'arith':
    case 'test':
      return after | a | (operation.by === 'x' ? x : 0);
    case 'negate':
      return after | a;
    case 'return':
      return operation.value === 'a' ? a : 0;
    case 'jump':
      return after;
    default:
      return operation satisfies never;
  }
}
