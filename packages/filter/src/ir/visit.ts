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
      return [];
    case 'load':
      return value.index === undefined ? [] : [value.index];
    case 'arith':
      return [value.left, value.right];
    default:
      return value satisfies never;
  }
}

/** The values that a block's end looks at. */
export function testOperands(end: Terminator): readonly ValueId[] {
  return end.kind === 'branch' ? [end.test.left, end.test.right] : [];
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
  const postorder: BlockId[] = [];
  const state = new Map<BlockId, 'open' | 'done'>();
  const stack: BlockId[] = [entry];
  while (stack.length > 0) {
    const id = stack[stack.length - 1]!;
    if (state.get(id) === undefined) {
      state.set(id, 'open');
      // `no` comes off the stack first, is finished first, and so comes later in the result.
      const next = successors(blocks.get(id)!.end);
      for (const to of next) if (state.get(to) === undefined) stack.push(to);
    } else {
      stack.pop();
      if (state.get(id) === 'open') {
        state.set(id, 'done');
        postorder.push(id);
      }
    }
  }
  const order = postorder.reverse();
  const renumbered = new Map(order.map((id, index) => [id, index as BlockId]));
  return order.map((id, index) => {
    const block = blocks.get(id)!;
    const end = block.end;
    return {
      id: index as BlockId,
      values: block.values,
      end:
        end.kind === 'branch'
          ? { ...end, yes: renumbered.get(end.yes)!, no: renumbered.get(end.no)! }
          : end,
    };
  });
}
