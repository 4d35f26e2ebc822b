import type { Test, Value, ValueId } from '@hookdump/filter';
import type { Prepared } from '../prepared.ts';

/** Bytes of a value that is kept in the packet's byte order. */
export type RawSize = 2 | 4;

/**
 * The values that are only asked for bits and for being equal to constants. They can stay as they
 * are in the packet, where a swap would cost an instruction for each packet: it is the constants that
 * are swapped then, when compiling.
 */
export function rawValues(prepared: Prepared): ReadonlyMap<ValueId, RawSize> {
  const sizes = sizesOf(prepared);
  const swapped = swappedValues(prepared, sizes);
  const raw = new Map<ValueId, RawSize>();
  // In the program's order: what is masked comes before what is left of it.
  for (const [id, size] of sizes) {
    const value = prepared.byId.get(id)!;
    const from = value.kind === 'arith' ? besideConstant(value, prepared)![0] : undefined;
    if (!swapped.has(id) && (from === undefined || raw.has(from))) raw.set(id, size);
  }
  return raw;
}

/** The other operand, if one of the two is a constant. */
function besideConstant(
  { left, right }: { readonly left: ValueId; readonly right: ValueId },
  { constants }: Prepared,
): readonly [id: ValueId, constant: number] | undefined {
  const [first, second] = [constants.get(left), constants.get(right)];
  if (second !== undefined && first === undefined) return [left, second];
  return first !== undefined && second === undefined ? [right, first] : undefined;
}

/** Loads of several bytes, and what is left of them under masks: how many bytes. */
function sizesOf(prepared: Prepared): Map<ValueId, RawSize> {
  const sizes = new Map<ValueId, RawSize>();
  for (const { values } of prepared.blocks.values()) {
    for (const value of values) {
      if (value.kind === 'load' && value.size > 1) sizes.set(value.id, value.size as RawSize);
      if (value.kind !== 'arith' || value.op !== '&' || prepared.constants.has(value.id)) continue;
      const size = sizes.get(besideConstant(value, prepared)?.[0] as ValueId);
      if (size !== undefined) sizes.set(value.id, size);
    }
  }
  return sizes;
}

/** Values with a use, however far on, for which they must be numbers. */
function swappedValues(
  prepared: Prepared,
  sizes: ReadonlyMap<ValueId, RawSize>,
): ReadonlySet<ValueId> {
  const swapped = new Set<ValueId>();
  const swap = (...ids: readonly ValueId[]): void => ids.forEach((id) => void swapped.add(id));
  for (const { values, end } of [...prepared.blocks.values()].reverse()) {
    if (end.kind === 'return-value') swap(end.value);
    if (end.kind === 'member' || end.kind === 'walk') swap(...end.values);
    if (end.kind === 'branch' && !fits(end.test, prepared, sizes)) {
      swap(end.test.left, end.test.right);
    }
    for (const value of [...values].reverse()) swap(...operandsToSwap(value, prepared, swapped));
  }
  return swapped;
}

function operandsToSwap(
  value: Value,
  prepared: Prepared,
  swapped: ReadonlySet<ValueId>,
): readonly ValueId[] {
  switch (value.kind) {
    case 'load':
      return value.index === undefined ? [] : [value.index];
    case 'store':
      return [value.value];
    case 'arith': {
      const masks = value.op === '&' && besideConstant(value, prepared) !== undefined;
      return masks && !swapped.has(value.id) ? [] : [value.left, value.right];
    }
    case 'const':
    case 'length':
    case 'ancillary':
    case 'recall':
      return [];
    default:
      return value satisfies never;
  }
}

/** Whether a test gives the same in the packet's byte order, with its constant swapped. */
function fits(test: Test, prepared: Prepared, sizes: ReadonlyMap<ValueId, RawSize>): boolean {
  const operand = besideConstant(test, prepared);
  if (operand === undefined || (test.op !== '==' && test.op !== '&')) return false;
  const [id, constant] = operand;
  return test.op === '&' || constant < 2 ** (8 * (sizes.get(id) ?? 4));
}
