import type { BlockId, Program, ValueId } from './types.ts';
import { operands, successors, testOperands } from './visit.ts';

const isU32 = (n: number): boolean => Number.isInteger(n) && n >= 0 && n <= 0xffffffff;

/**
 * Checks what `types.ts` promises of a program: numbering, edges that lead forward, every value
 * defined once and on every path before its use, 32-bit constants.
 *
 * @returns what is wrong, a line each; empty for a good program
 */
export function verify(program: Program): string[] {
  const wrong: string[] = [];
  const available = new Map<BlockId, Set<ValueId>>();
  const defined = new Set<ValueId>();
  const reached = new Set<BlockId>([0 as BlockId]);
  program.blocks.forEach((block, index) => {
    const at = `b${index}`;
    if (block.id !== index) wrong.push(`${at}: is numbered b${block.id}`);
    if (!reached.has(block.id)) wrong.push(`${at}: nothing leads here`);
    const known = new Set(available.get(block.id));
    for (const value of block.values) {
      if (defined.has(value.id)) wrong.push(`${at}: v${value.id} is defined twice`);
      for (const operand of operands(value)) {
        if (!known.has(operand))
          wrong.push(`${at}: v${value.id} uses v${operand} before it is set`);
      }
      if (value.kind === 'const' && !isU32(value.value)) {
        wrong.push(`${at}: v${value.id} = ${value.value} is not a 32-bit number`);
      }
      if (value.kind === 'load' && (!isU32(value.offset) || ![1, 2, 4].includes(value.size))) {
        wrong.push(`${at}: v${value.id} loads ${value.size} bytes at ${value.offset}`);
      }
      defined.add(value.id);
      known.add(value.id);
    }
    for (const operand of testOperands(block.end)) {
      if (!known.has(operand)) wrong.push(`${at}: tests v${operand} before it is set`);
    }
    if (block.end.kind === 'return' && !isU32(block.end.value)) {
      wrong.push(`${at}: returns ${block.end.value}`);
    }
    for (const to of successors(block.end)) {
      if (to <= index) wrong.push(`${at}: leads back to b${to}`);
      else if (to >= program.blocks.length)
        wrong.push(`${at}: leads to b${to}, which is not there`);
      reached.add(to);
      const there = available.get(to);
      available.set(to, there === undefined ? known : intersection(there, known));
    }
  });
  if (program.blocks.length === 0) wrong.push('no block');
  return wrong;
}

function intersection(a: ReadonlySet<ValueId>, b: ReadonlySet<ValueId>): Set<ValueId> {
  return new Set([...a].filter((id) => b.has(id)));
}
