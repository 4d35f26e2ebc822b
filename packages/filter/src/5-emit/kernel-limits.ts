import type { Diagnostic } from '../diagnostic.ts';
import * as messages from '../messages/classic.ts';
import type { Span } from '../source.ts';
import { operations } from './instruction-set.ts';
import * as op from './opcodes.ts';

/**
 * The longest program that Linux attaches to a socket (BPF_MAXINSNS of <linux/bpf_common.h>).
 * Attaching may fail below it too: a program's size counts against `net.core.optmem_max`.
 */
export const kernelInstructions = 4096;

/** The longest program for `iptables -m bpf` (XT_BPF_MAX_NUM_INSTR of <linux/netfilter/xt_bpf.h>). */
export const iptablesInstructions = 64;

/**
 * What the kernel refuses of a program that libpcap runs (`bpf_check_classic()` and
 * `check_load_and_stores()` of net/core/filter.c): more instructions than a limit, division by a
 * constant 0, a shift by a constant above 31, memory that is loaded where not all ways have stored
 * into it. What both refuse is the business of `checkClassic`.
 *
 * What `toClassic` makes can only be too long.
 *
 * @param instructions a program without fault to `checkClassic`
 * @param limit the most instructions that whoever is to take the program takes
 * @returns a span holds the index of an instruction, or all of them
 */
export function checkKernelLimits(
  instructions: readonly op.Instruction[],
  limit: number = kernelInstructions,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const count = instructions.length;
  if (count > limit) found.push(messages.tooLong({ start: 0, end: count }, count, limit));
  for (const index of unstoredLoads(instructions)) {
    found.push(messages.loadsUnstored(spanOf(index), index, instructions[index]!.k));
  }
  instructions.forEach(({ code, k }, index) => {
    const operation = operations.get(code)!;
    if (operation.kind !== 'arith' || operation.by === 'x') return;
    if ((operation.op === '/' || operation.op === '%') && k === 0) {
      found.push(messages.dividesByZero(spanOf(index), index));
    }
    if ((operation.op === '<<' || operation.op === '>>') && k > 31) {
      found.push(messages.shiftsTooFar(spanOf(index), index, k));
    }
  });
  return found;
}

const spanOf = (index: number): Span => ({ start: index, end: index + 1 });

/**
 * The instructions that load from M[] where, as the kernel sees it, not all ways have stored: it
 * does not look whether an instruction is reached, and takes a `ret` for one that goes on.
 */
export function unstoredLoads(instructions: readonly op.Instruction[]): number[] {
  if (!instructions.some(({ code }) => isLoad(code))) return [];
  // A bit for each word that is stored into on all ways to an instruction.
  const stored = new Int32Array(instructions.length + 1).fill(-1);
  stored[0] = 0;
  return instructions.flatMap(({ code, jt, jf, k }, index) => {
    const next = index + 1;
    let words = stored[index]!;
    const isUnstored = isLoad(code) && ((words >>> k) & 1) === 0;
    if (code === op.ST || code === op.STX) words |= 1 << k;
    if ((code & 7) !== op.JMP) stored[next]! &= words;
    else if ((code & 0xf0) === op.JA) stored[next + k]! &= words;
    else {
      stored[next + jt]! &= words;
      stored[next + jf]! &= words;
    }
    return isUnstored ? [index] : [];
  });
}

const isLoad = (code: number): boolean => code === (op.LD | op.MEM) || code === (op.LDX | op.MEM);
