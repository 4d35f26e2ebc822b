import type { Value, ValueId } from '@hookdump/filter';
import { mayReject, type Prepared, type PreparedBlock } from '../prepared.ts';
import type { Kept } from './kept.ts';
import { isAsked } from './live.ts';
import { readsOf, readsOfEnd } from './reads.ts';

/** Makes values of a part that the whole does not have. */
export interface Made {
  /** The same value under a number of its own, which is read so many times. */
  aside(value: Value, times: number): Value;
  store(word: number, value: ValueId): Value;
}

/**
 * What a block of a part computes: first once more what it reads and others have computed, if that
 * is repeated; then its own values, of which those that are kept go into their words.
 */
export function valuesOf(
  block: PreparedBlock,
  kept: Kept,
  prepared: Prepared,
  made: Made,
): readonly Value[] {
  const needed = new Set<ValueId>(readsOfEnd(block.end));
  const need = (ids: readonly ValueId[]): void => ids.forEach((id) => void needed.add(id));
  const own: Value[] = [];
  for (const value of [...block.values].reverse()) {
    if (isAsked(value)) continue;
    const word = kept.words.get(value.id);
    if (word !== undefined) {
      const computed = made.aside(value, 1);
      own.push(made.store(word, computed.id), computed);
      need(readsOf(value, prepared));
    } else if (!kept.repeated.has(value.id) || needed.has(value.id)) {
      own.push(value);
      need(readsOf(value, prepared));
    } else if (value.kind === 'load') {
      // Nobody here reads it, but beyond the packet's end it ends the filter.
      own.push(made.aside(value, 0));
      need(readsOf(value, prepared));
    } else if (mayReject(value, prepared.constants)) {
      own.push(made.aside(value, 0));
      need([value.right]);
    }
  }
  const here = new Set(own.map(({ id }) => id));
  const again: Value[] = [];
  const repeat = (id: ValueId): void => {
    if (!kept.repeated.has(id) || here.has(id)) return;
    here.add(id);
    const value = prepared.byId.get(id)!;
    readsOf(value, prepared).forEach(repeat);
    again.push(value);
  };
  needed.forEach(repeat);
  return [...again, ...own.reverse()];
}
