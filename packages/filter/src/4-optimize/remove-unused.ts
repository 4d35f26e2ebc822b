import type { Program, ValueId } from '../ir/types.ts';
import { mayReject, operands, testOperands } from '../ir/visit.ts';

/**
 * Removes values that nothing uses. A load or a division stays even then: it may reject the packet,
 * and that is part of what the filter means.
 */
export function removeUnused(program: Program): Program {
  const used = new Set<ValueId>();
  for (const block of program.blocks) {
    for (const id of testOperands(block.end)) used.add(id);
    for (const value of block.values) for (const id of operands(value)) used.add(id);
  }
  let changed = false;
  const blocks = program.blocks.map((block) => {
    const values = block.values.filter((value) => used.has(value.id) || mayReject(value));
    changed ||= values.length < block.values.length;
    return { ...block, values };
  });
  return changed ? { ...program, blocks } : program;
}
