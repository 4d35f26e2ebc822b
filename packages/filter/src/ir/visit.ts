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

/** What an entry reaches, in an order. */
interface Order {
  readonly order: Int32Array;
  /** By node: where it stands in the order; meaningless for nodes that are not reached. */
  readonly places: Int32Array;
}

/**
 * Puts what `entry` reaches in reverse postorder, so that every edge leads forward. `yes` is placed
 * before `no` where both are possible, which reads like the filter.
 *
 * @param count nodes are numbers below this one
 * @param yes where a node leads if its test holds; negative if nowhere
 * @param no the same if it does not
 */
export function reversePostorder(
  entry: number,
  count: number,
  yes: (node: number) => number,
  no: (node: number) => number,
): Order {
  const order = new Int32Array(count);
  const places = new Int32Array(count);
  /** Filled from the end: the node that is finished first comes last. */
  let first = count;
  const isNew = 0;
  const isOpen = 1;
  const isDone = 2;
  const state = new Uint8Array(count);
  const stack: number[] = [entry];
  while (stack.length > 0) {
    const node = stack[stack.length - 1]!;
    if (state[node] === isNew) {
      state[node] = isOpen;
      // `no` comes off the stack first, is finished first, and so comes later in the result.
      const onYes = yes(node);
      const onNo = no(node);
      if (onYes >= 0 && state[onYes] === isNew) stack.push(onYes);
      if (onNo >= 0 && state[onNo] === isNew) stack.push(onNo);
    } else {
      stack.pop();
      if (state[node] === isOpen) order[--first] = node;
      state[node] = isDone;
    }
  }
  const reached = order.subarray(first);
  for (let place = 0; place < reached.length; place++) places[reached[place]!] = place;
  return { order: reached, places };
}

/** Keeps what `entry` reaches, in reverse postorder, numbered anew. */
export function numberBlocks(blocks: ReadonlyMap<BlockId, Block>, entry: BlockId): Block[] {
  const leads = (which: 'yes' | 'no') => (node: number) => {
    const { end } = blocks.get(node as BlockId)!;
    return end.kind === 'branch' ? end[which] : -1;
  };
  const { order, places } = reversePostorder(entry, blocks.size, leads('yes'), leads('no'));
  const to = (id: BlockId): BlockId => places[id] as BlockId;
  return Array.from(order, (node, place): Block => {
    const { values, end } = blocks.get(node as BlockId)!;
    const id = place as BlockId;
    if (end.kind !== 'branch') return { id, values, end };
    return { id, values, end: { ...end, yes: to(end.yes), no: to(end.no) } };
  });
}
