import { type ArithOp, upperBound, type Value, type ValueId } from '@hookdump/filter';
import type { Prepared } from '../prepared.ts';

/**
 * The values of a program with a constant in place of each look at a scratch word: the largest
 * number that can have been put there by then. For {@link upperBound}, which then sees through words.
 */
export function withBoundedWords({ blocks, byId }: Prepared): ReadonlyMap<ValueId, Value> {
  const bounded = new Map(byId);
  const bounds = new Map<number, number>();
  for (const { values } of blocks.values()) {
    for (const value of values) {
      if (value.kind === 'recall') {
        bounded.set(value.id, { kind: 'const', id: value.id, value: bounds.get(value.word) ?? 0 });
      } else if (value.kind === 'store') {
        const bound = upperBound(value.value, bounded);
        bounds.set(value.word, Math.max(bound, bounds.get(value.word) ?? 0));
      }
    }
  }
  return bounded;
}

/** What the kernel's verifier follows the bounds of, from operands that it has bounds of. */
const FOLLOWED: readonly ArithOp[] = ['+', '*', '&'];
/** The same if the right operand is a constant. */
const FOLLOWED_BY_CONSTANT: readonly ArithOp[] = ['<<', '>>'];

/** Values whose bounds the verifier finds out as {@link upperBound} does. */
export function followedValues({ blocks, constants }: Prepared): ReadonlySet<ValueId> {
  const followed = new Set<ValueId>(constants.keys());
  const lost = new Set<number>();
  for (const { values } of blocks.values()) {
    for (const value of values) {
      const knows = (id: ValueId): boolean => followed.has(id);
      switch (value.kind) {
        case 'load':
          followed.add(value.id);
          break;
        case 'arith':
          if (
            (FOLLOWED.includes(value.op) && knows(value.left) && knows(value.right)) ||
            (FOLLOWED_BY_CONSTANT.includes(value.op) &&
              knows(value.left) &&
              constants.has(value.right))
          ) {
            followed.add(value.id);
          }
          break;
        case 'store':
          if (knows(value.value)) followed.add(value.id);
          else lost.add(value.word);
          break;
        case 'recall':
          if (!lost.has(value.word)) followed.add(value.id);
          break;
        case 'const':
        case 'length':
        case 'ancillary':
          break;
        default:
          value satisfies never;
      }
    }
  }
  return followed;
}
