import type { Program, Value, ValueId } from '../ir/types.ts';
import { upperBound } from '../ir/upper-bound.ts';
import { valuesById } from '../ir/visit.ts';

/**
 * Moves the constant part of a load's index into its offset: `[x + 13 … + 14]` becomes `[x + 27]`,
 * and an index that is all constant goes. Only where the sum cannot wrap, since an index wraps at
 * 32 bits and an offset does not.
 */
export function foldOffsets(program: Program): Program {
  const values = new Map(valuesById(program));
  let changed = false;
  const blocks = program.blocks.map((block) => ({
    ...block,
    values: block.values.map((value) => {
      const folded = foldOffset(value, values);
      changed ||= folded !== value;
      values.set(folded.id, folded);
      return folded;
    }),
  }));
  return changed ? { ...program, blocks } : program;
}

function foldOffset(value: Value, values: ReadonlyMap<ValueId, Value>): Value {
  if (value.kind !== 'load' || value.index === undefined) return value;
  const { kind, id, size, offset } = value;
  const index = values.get(value.index)!;
  if (index.kind === 'const') {
    const sum = offset + index.value;
    return sum <= 0xffffffff ? { kind, id, size, offset: sum } : value;
  }
  if (index.kind !== 'arith' || index.op !== '+') return value;
  for (const [constant, rest] of [
    [index.left, index.right],
    [index.right, index.left],
  ] as const) {
    const added = values.get(constant)!;
    if (added.kind === 'const' && upperBound(rest, values) + added.value <= 0xffffffff) {
      const sum = offset + added.value;
      if (sum <= 0xffffffff) return { kind, id, size, offset: sum, index: rest };
    }
  }
  return value;
}
