import type { Value, ValueId } from '@hookdump/filter';
import { mayReject, type Prepared, type PreparedEnd } from '../prepared.ts';

/** The values that are read where this one is computed, as far as that is printed. */
export function readsOf(value: Value, prepared: Prepared): readonly ValueId[] {
  const { constants, stores, uses } = prepared;
  if (value.kind === 'load') return value.index === undefined ? [] : [value.index];
  if (constants.has(value.id)) return [];
  const isUsed = uses.has(value.id);
  if (value.kind === 'store') return isUsed || stores.has(value.id) ? [value.value] : [];
  if (value.kind !== 'arith') return [];
  if (isUsed) return [value.left, value.right];
  return mayReject(value, constants) ? [value.right] : [];
}

/** The values that a block's end reads. */
export function readsOfEnd(end: PreparedEnd): readonly ValueId[] {
  switch (end.kind) {
    case 'branch':
      return [end.test.left, end.test.right];
    case 'return-value':
      return [end.value];
    case 'member':
    case 'walk':
      return end.values;
    case 'wide':
      return end.loads;
    case 'return':
    case 'jump':
    case 'way':
      return [];
    default:
      return end satisfies never;
  }
}
