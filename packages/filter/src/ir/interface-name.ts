import type { Ancillary, InterfaceNameField } from './types.ts';

/** The fields that hold a device's name, by the offset in it of the four bytes of each. */
const fields: readonly (readonly [offset: number, field: InterfaceNameField])[] = [
  [0, 'interface-name-0'],
  [4, 'interface-name-4'],
  [8, 'interface-name-8'],
  [12, 'interface-name-12'],
];

/** IFNAMSIZ of <linux/if.h>: a name has a byte less, for the NUL. */
export const interfaceNameSize = 16;

/** What a field must be, in the bits of `mask`, for a device to have a name. */
export interface NameTest {
  readonly field: InterfaceNameField;
  readonly mask: number;
  readonly value: number;
}

/**
 * The tests that a device has a name, the whole of it: the NUL behind it counts, and what is behind
 * that may be anything, since the kernel leaves there what longer names were.
 *
 * @param name its bytes, at most 15 and none of them 0
 */
export function nameTests(name: readonly number[]): NameTest[] {
  return fields
    .filter(([offset]) => offset <= name.length)
    .map(([offset, field]) => {
      const known = Math.min(4, name.length + 1 - offset);
      return { field, mask: (0xffffffff << (8 * (4 - known))) >>> 0, value: wordAt(name, offset) };
    });
}

/** What {@link Ancillary} says of a packet on a device of this name. */
export const namedInterface = (name: readonly number[]): Ancillary =>
  Object.fromEntries(fields.map(([offset, field]) => [field, wordAt(name, offset)]));

/** Four bytes as a big-endian number, 0 behind the end. */
const wordAt = (bytes: readonly number[], offset: number): number =>
  [0, 1, 2, 3].reduce((word, at) => ((word << 8) | (bytes[offset + at] ?? 0)) >>> 0, 0);
