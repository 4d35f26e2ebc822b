import { operations } from '../5-emit/instruction-set.ts';
import { type Instruction, memoryWords } from '../5-emit/opcodes.ts';

/** A number from 0 to below a limit. */
export type Below = (limit: number) => number;

/** Numbers that repeat for a seed: 32 bits of state, a hash of a counter. */
export function below(seed: number): Below {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return Math.floor((((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32) * limit);
  };
}

const ancillaryOffsets = [0, 4, 8, 20, 24, 28, 32, 36, 40, 44, 48, 60].map((at) => 0xfffff000 + at);
const odd = [0, 1, 2, 4, 15, 31, 32, 255, 0x800, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/**
 * A valid classic BPF program of a given length: any instructions in any order, jumps forward,
 * registers and memory that are read before anything is written.
 *
 * @param ancillary may it load ancillary data, which libpcap's interpreter does not know?
 */
export function randomClassic(next: Below, length: number, ancillary: boolean): Instruction[] {
  const pick = <T>(list: readonly T[]): T => list[next(list.length)]!;
  const codes = [...operations].filter(([, { kind }]) => kind !== 'return' && kind !== 'jump');
  const program: Instruction[] = [];
  for (let index = 0; index < length - 1; index++) {
    const room = Math.min(length - index - 2, 9);
    const dice = next(20);
    if (dice === 0) program.push({ code: 0x05, jt: 0, jf: 0, k: next(room + 1) });
    else if (dice === 1 && index > length / 2) {
      program.push({ code: pick([0x06, 0x16]), jt: 0, jf: 0, k: next(3) });
    } else {
      const [code, operation] = pick(codes);
      const { kind } = operation;
      const k =
        kind === 'recall' || kind === 'store'
          ? pick([0, 0, 1, 1, 2, next(memoryWords)])
          : kind === 'load' || kind === 'header-length'
            ? kind === 'load' && !operation.indexed && ancillary && next(6) === 0
              ? pick(ancillaryOffsets)
              : next(30)
            : kind === 'arith' && (operation.op === '<<' || operation.op === '>>')
              ? next(32)
              : kind === 'arith' && (operation.op === '/' || operation.op === '%')
                ? 1 + next(9)
                : next(3) === 0
                  ? pick(odd)
                  : next(256);
      const isTest = kind === 'test';
      const [jt, jf] = isTest ? [next(room + 1), next(room + 1)] : [0, 0];
      program.push({ code, jt, jf, k });
    }
  }
  program.push({ code: pick([0x06, 0x16]), jt: 0, jf: 0, k: 1 + next(0xffff) });
  return program;
}
