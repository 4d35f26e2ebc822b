import { arith, compare, type Test, type Value, type ValueId } from '@hookdump/filter';

const MAX = 0xffffffff;

/** The values that are the same for every packet. */
export type Constants = ReadonlyMap<ValueId, number>;

export function constantsOf({
  blocks,
}: {
  readonly blocks: Iterable<{ readonly values: readonly Value[] }>;
}): Constants {
  const constants = new Map<ValueId, number>();
  const stored = new Set<number>();
  for (const { values } of blocks) {
    for (const value of values) {
      // Edges lead forward: what is stored further on has not been stored yet.
      if (value.kind === 'store') stored.add(value.word);
      const number =
        value.kind === 'recall' && !stored.has(value.word) ? 0 : fold(value, constants);
      if (number !== undefined) constants.set(value.id, number);
    }
  }
  return constants;
}

function fold(value: Value, constants: Constants): number | undefined {
  if (value.kind === 'const') return value.value;
  if (value.kind === 'store') return constants.get(value.value);
  if (value.kind !== 'arith') return undefined;
  const left = constants.get(value.left);
  const right = constants.get(value.right);
  if ((value.op === '<<' || value.op === '>>') && right !== undefined && right > 31) return 0;
  return left === undefined || right === undefined ? undefined : arith(value.op, left, right);
}

/**
 * What a test comes to whatever the packet is; `undefined` if that depends on it. The C compiler
 * warns of such tests, which a filter may well hold (`ip[0] & 0xf0 = 1`), so they are not printed.
 */
export function decide(
  test: Test,
  constants: Constants,
  byId: ReadonlyMap<ValueId, Value>,
): boolean | undefined {
  const left = constants.get(test.left);
  const right = constants.get(test.right);
  if (left !== undefined && right !== undefined) return compare(test.op, left, right);
  const [one, other] = [printed(test.left, byId), printed(test.right, byId)];
  const same = one.id === other.id || (one.kind === 'length' && other.kind === 'length');
  switch (test.op) {
    case '==':
      if (same) return true;
      if (right !== undefined && excludes(test.left, right, constants, byId)) return false;
      if (left !== undefined && excludes(test.right, left, constants, byId)) return false;
      return undefined;
    case '>':
      return same || left === 0 || right === MAX ? false : undefined;
    case '>=':
      return same || right === 0 || left === MAX ? true : undefined;
    case '&':
      return left === 0 || right === 0 ? false : undefined;
    default:
      return test.op satisfies never;
  }
}

/** What is printed for a value: storing one is that value. */
function printed(id: ValueId, byId: ReadonlyMap<ValueId, Value>): Value {
  const value = byId.get(id)!;
  return value.kind === 'store' ? printed(value.value, byId) : value;
}

/** Whether a masked value can never be `number`: a bit that the mask takes away or puts in. */
function excludes(
  id: ValueId,
  number: number,
  constants: Constants,
  byId: ReadonlyMap<ValueId, Value>,
): boolean {
  const value = printed(id, byId);
  if (value.kind !== 'arith') return false;
  const mask = constants.get(value.right) ?? constants.get(value.left);
  if (mask === undefined) return false;
  if (value.op === '&') return (number & ~mask) !== 0;
  if (value.op === '|') return (mask & ~number) !== 0;
  return false;
}
