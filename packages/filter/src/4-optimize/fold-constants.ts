import { arith, compare } from '../ir/arith.ts';
import type { Block, BlockId, Program, Terminator, Value, ValueId } from '../ir/types.ts';
import { mayReject, numberBlocks } from '../ir/visit.ts';

/**
 * Computes what needs no packet: arithmetic on constants (unless it would divide by zero, which
 * must go on rejecting), and tests that can only go one way. A block whose test is decided is
 * skipped if skipping it cannot let a packet through that it would have rejected.
 */
export function foldConstants(program: Program): Program {
  const known = new Map<ValueId, number>();
  const skipped = new Map<BlockId, BlockId>();
  const blocks = new Map<BlockId, Block>();
  let changed = false;
  for (const block of program.blocks) {
    const values = block.values.map((value) => {
      const folded = fold(value, known);
      if (folded.kind === 'const') known.set(folded.id, folded.value);
      changed ||= folded !== value;
      return folded;
    });
    blocks.set(block.id, { ...block, values });
  }
  const follow = (id: BlockId): BlockId => skipped.get(id) ?? id;
  // From the end: what a block leads to is known before the block.
  for (const { id, values, end } of [...blocks.values()].reverse()) {
    if (end.kind !== 'branch') continue;
    const threaded = { ...end, yes: follow(end.yes), no: follow(end.no) };
    blocks.set(id, { id, values, end: threaded });
    const only = onlyWay(threaded, known);
    if (only === undefined) continue;
    if (rejects(blocks.get(only)!) || !values.some(mayReject)) skipped.set(id, only);
  }
  if (!changed && skipped.size === 0) return program;
  return { ...program, blocks: numberBlocks(blocks, follow(0 as BlockId)) };
}

/** Where a branch leads, if it leads to one place only. */
function onlyWay(
  { test, yes, no }: Extract<Terminator, { kind: 'branch' }>,
  known: ReadonlyMap<ValueId, number>,
): BlockId | undefined {
  if (yes === no) return yes;
  const [left, right] = [known.get(test.left), known.get(test.right)];
  if (left === undefined || right === undefined) return undefined;
  return compare(test.op, left, right) ? yes : no;
}

const rejects = ({ values, end }: Block): boolean =>
  values.length === 0 && end.kind === 'return' && end.value === 0;

function fold(value: Value, known: ReadonlyMap<ValueId, number>): Value {
  if (value.kind !== 'arith') return value;
  const [left, right] = [known.get(value.left), known.get(value.right)];
  if (left === undefined || right === undefined) return value;
  const result = arith(value.op, left, right);
  return result === undefined ? value : { kind: 'const', id: value.id, value: result };
}
