import type { Block, BlockId, Program, Terminator, Value, ValueId } from './types.ts';

/** The blocks that a block can go to, where its test holds first. */
export function successors(end: Terminator): readonly BlockId[] {
  return end.kind === 'branch' ? [end.yes, end.no] : [];
}

/** The values that a value is computed from. */
export function operands(value: Value): readonly ValueId[] {
  switch (value.kind) {
    case 'const':
    case 'length':
    case 'ancillary':
    case 'recall':
      return [];
    case 'load':
      return value.index === undefined ? [] : [value.index];
    case 'arith':
      return [value.left, value.right];
    case 'store':
      return [value.value];
    default:
      return value satisfies never;
  }
}

/** The values that a block's end looks at: those of its test, or the one that it returns. */
export function testOperands(end: Terminator): readonly ValueId[] {
  if (end.kind === 'branch') return [end.test.left, end.test.right];
  return end.kind === 'return-value' ? [end.value] : [];
}

/** Can computing this value end the program (a load out of bounds, a division by zero)? */
export function mayReject(value: Value): boolean {
  return (
    value.kind === 'load' || (value.kind === 'arith' && (value.op === '/' || value.op === '%'))
  );
}

/** Every value of a program by its id. */
export function valuesById(program: Program): ReadonlyMap<ValueId, Value> {
  const byId = new Map<ValueId, Value>();
  for (const block of program.blocks) for (const value of block.values) byId.set(value.id, value);
  return byId;
}

/**
 * Keeps what `entry` reaches, in reverse postorder (so that every edge leads forward), numbered
 * anew. `yes` is placed before `no` where both are possible, which reads like the filter.
 */
export function numberBlocks(blocks: ReadonlyMap<BlockId, Block>, entry: BlockId): Block[] {
  const byId: Block[] = [];
  blocks.forEach((block, id) => {
    byId[id] = block;
  });
  const postorder = inPostorder(byId, entry);
  const last = postorder.length - 1;
  const numbers = new Int32Array(byId.length);
  postorder.forEach((id, index) => {
    numbers[id] = last - index;
  });
  const to = (id: BlockId): BlockId => numbers[id]! as BlockId;
  return postorder.reverse().map((id, index): Block => {
    const { values, end } = byId[id]!;
    return {
      id: index as BlockId,
      values,
      end:
        end.kind === 'branch'
          ? { kind: 'branch', test: end.test, yes: to(end.yes), no: to(end.no) }
          : end,
    };
  });
}

/** Every block behind all that it leads to. */
function inPostorder(byId: readonly Block[], entry: BlockId): BlockId[] {
  const postorder: BlockId[] = [];
  const [isNew, isOpen, isDone] = [0, 1, 2];
  const state = new Uint8Array(byId.length);
  const stack: BlockId[] = [entry];
  for (let id = stack.at(-1); id !== undefined; id = stack.at(-1)) {
    if (state[id] === isNew) {
      state[id] = isOpen;
      // `no` comes off the stack first, is finished first, and so comes later in the result.
      const { end } = byId[id]!;
      if (end.kind === 'branch') {
        if (state[end.yes] === isNew) stack.push(end.yes);
        if (state[end.no] === isNew) stack.push(end.no);
      }
    } else {
      stack.pop();
      if (state[id] === isOpen) postorder.push(id);
      state[id] = isDone;
    }
  }
  return postorder;
}
