import { arith, compare } from '../ir/arith.ts';
import type { Block, BlockId, Program, Value, ValueId } from '../ir/types.ts';
import { numberBlocks } from '../ir/visit.ts';

/**
 * Computes what needs no packet: arithmetic on constants (unless it would divide by zero, which
 * must go on rejecting) and tests on constants, whose block is then skipped if it loads nothing.
 */
export function foldConstants(program: Program): Program {
  const known = new Map<ValueId, number>();
  const skipped = new Map<BlockId, BlockId>();
  let changed = false;
  const blocks = new Map<BlockId, Block>();
  for (const block of program.blocks) {
    const values = block.values.map((value) => {
      const folded = fold(value, known);
      changed ||= folded !== value;
      if (folded.kind === 'const') known.set(folded.id, folded.value);
      return folded;
    });
    blocks.set(block.id, { ...block, values });
    if (block.end.kind === 'branch') {
      const { op, left, right } = block.end.test;
      const [a, b] = [known.get(left), known.get(right)];
      if (a !== undefined && b !== undefined && values.every((value) => value.kind === 'const')) {
        skipped.set(block.id, compare(op, a, b) ? block.end.then : block.end.else);
      }
    }
  }
  if (!changed && skipped.size === 0) return program;
  const follow = (id: BlockId): BlockId => {
    let to = id;
    while (skipped.has(to)) to = skipped.get(to)!;
    return to;
  };
  for (const [id, block] of blocks) {
    if (block.end.kind === 'branch') {
      const { then, else: other } = block.end;
      blocks.set(id, { ...block, end: { ...block.end, then: follow(then), else: follow(other) } });
    }
  }
  return { ...program, blocks: numberBlocks(blocks, follow(0 as BlockId)) };
}

function fold(value: Value, known: ReadonlyMap<ValueId, number>): Value {
  if (value.kind !== 'arith') return value;
  const [left, right] = [known.get(value.left), known.get(value.right)];
  if (left === undefined || right === undefined) return value;
  const result = arith(value.op, left, right);
  return result === undefined ? value : { kind: 'const', id: value.id, value: result };
}
