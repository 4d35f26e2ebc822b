import type { BlockId, Program, Terminator, ValueId } from '../ir/types.ts';
import { operands, testOperands, valuesById } from '../ir/visit.ts';
import * as op from './opcodes.ts';
import { type Jump, type Selected, select, TooManyValues } from './select.ts';

/** A conditional jump reaches this far; beyond it, it jumps to an unconditional one. */
const farthest = 255;

/**
 * Phase 5: IR to classic BPF.
 *
 * @returns instructions as `pcap_compile()` gives them, with libpcap's opcodes
 * @throws TooManyValues where 16 words of scratch memory are not enough
 */
export function toClassic(program: Program): readonly op.Instruction[] {
  const values = valuesById(program);
  const slots = scratchSlots(program);
  const selected = program.blocks.map((block) => select(block, values, slots));
  return assemble(program, selected);
}

/** A word of scratch memory for each value that is used more than once. */
function scratchSlots(program: Program): ReadonlyMap<ValueId, number> {
  const uses = new Map<ValueId, number>();
  const count = (id: ValueId): void => void uses.set(id, (uses.get(id) ?? 0) + 1);
  const slots = new Map<ValueId, number>();
  for (const block of program.blocks) {
    block.values.flatMap(operands).forEach(count);
    testOperands(block.end).forEach(count);
  }
  for (const block of program.blocks) {
    for (const value of block.values) {
      if (value.kind !== 'const' && (uses.get(value.id) ?? 0) > 1) slots.set(value.id, slots.size);
    }
  }
  if (slots.size > op.memoryWords) throw new TooManyValues();
  return slots;
}

/** Which sides of a block's jump need an unconditional jump because they lead too far. */
interface Long {
  yes: boolean;
  no: boolean;
}

/** Puts blocks in order and resolves jumps, lengthening them until every one reaches. */
function assemble(program: Program, selected: readonly Selected[]): op.Instruction[] {
  const long = program.blocks.map((): Long => ({ yes: false, no: false }));
  for (;;) {
    const starts = layOut(selected, long);
    if (!lengthen(program, selected, long, starts)) return write(program, selected, long, starts);
  }
}

/** The index of each block's first instruction. */
function layOut(selected: readonly Selected[], long: readonly Long[]): number[] {
  let at = 0;
  return selected.map(({ body, jump }, index) => {
    const start = at;
    const { yes, no } = long[index]!;
    at += body.length + (jump === undefined ? 0 : 1 + Number(yes) + Number(no));
    return start;
  });
}

/** Where the two sides of a jump lead, in the order of the instruction: jt, then jf. */
function targets(end: Extract<Terminator, { kind: 'branch' }>, jump: Jump): [BlockId, BlockId] {
  return jump.swapped ? [end.no, end.yes] : [end.yes, end.no];
}

/** Marks the sides that do not reach; tells whether there was a new one. */
function lengthen(
  program: Program,
  selected: readonly Selected[],
  long: readonly Long[],
  starts: readonly number[],
): boolean {
  let changed = false;
  program.blocks.forEach(({ end }, index) => {
    const { body, jump } = selected[index]!;
    if (end.kind !== 'branch' || jump === undefined) return;
    const [yes, no] = targets(end, jump);
    const after = starts[index]! + body.length + 1;
    const own = long[index]!;
    if (!own.yes && starts[yes]! - after > farthest) changed = own.yes = true;
    if (!own.no && starts[no]! - after > farthest) changed = own.no = true;
  });
  return changed;
}

function write(
  program: Program,
  selected: readonly Selected[],
  long: readonly Long[],
  starts: readonly number[],
): op.Instruction[] {
  const out: op.Instruction[] = [];
  program.blocks.forEach(({ end }, index) => {
    const { body, jump } = selected[index]!;
    out.push(...body);
    if (end.kind !== 'branch' || jump === undefined) return;
    const [yes, no] = targets(end, jump);
    const own = long[index]!;
    const after = out.length + 1;
    const farNo = Number(own.yes);
    out.push({
      code: jump.code,
      jt: own.yes ? 0 : starts[yes]! - after,
      jf: own.no ? farNo : starts[no]! - after,
      k: jump.k,
    });
    for (const [isLong, to] of [
      [own.yes, yes],
      [own.no, no],
    ] as const) {
      if (isLong) out.push({ code: op.JMP | op.JA, jt: 0, jf: 0, k: starts[to]! - out.length - 1 });
    }
  });
  return out;
}
