import type { Block, BlockId, Program, Terminator, Value, ValueId } from './types.ts';

/** The blocks that a block can go to, in the order then, else. */
export function successors(end: Terminator): readonly BlockId[] {
  return end.kind === 'branch' ? [end.then, end.else] : [];
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

/** Every value of a program by its id. */
export function valuesById(program: Program): ReadonlyMap<ValueId, Value> {
  const byId = new Map<ValueId, Value>();
  for (const block of program.blocks) for (const value of block.values) byId.set(value.id, value);
  return byId;
}

/**
 * Keeps what `entry` reaches, in reverse postorder (so that every edge leads forward), numbered
 * anew. `then` is placed before `else` where both are possible, which reads like the filter.
 */
export function numberBlocks(blocks: ReadonlyMap<BlockId, Block>, entry: BlockId): Block[] {
  const postorder: BlockId[] = [];
  const state = new Map<BlockId, 'open' | 'done'>();
  const stack: BlockId[] = [entry];
  while (stack.length > 0) {
    const id = stack[stack.length - 1]!;
    if (state.get(id) === undefined) {
      state.set(id, 'open');
      // Pushed then-last, so that the else branch is finished first and comes later in the result.
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
          ? { ...end, then: renumbered.get(end.then)!, else: renumbered.get(end.else)! }
          : end,
    };
  });
}
