import type { ValueId } from '@hookdump/filter';

/** In a part of a large program: what stands for values that it does not compute itself. */
export type PartNames = ReadonlyMap<ValueId, string>;

/** What stands in front of the names of scratch words, and of all else that parts share. */
export const KEPT = 'kept->';

/**
 * What a part gives that does not know the answer: this, and the block that goes on. Numbers of bytes
 * have 32 bits, and a load that failed is negative.
 */
export const GO_ON = 2 ** 33;
