import { arith } from '../../ir/arith.ts';
import type { AncillaryField } from '../../ir/types.ts';
import type { Place } from '../headers.ts';
import type { Tree } from '../tree.ts';

/** SKF_AD_OFF of <linux/filter.h>, -0x1000: from there on the kernel gives no bytes of the packet. */
const start = 0xfffff000;

/** The fields behind it, by SKF_AD_PROTOCOL and so on. */
const fields: ReadonlyMap<number, AncillaryField> = new Map([
  [0, 'protocol'],
  [4, 'packet-type'],
  [8, 'interface-index'],
  [20, 'mark'],
  [24, 'queue'],
  [28, 'hardware-type'],
  [32, 'receive-hash'],
  [36, 'cpu'],
  [44, 'vlan-tag'],
  [48, 'vlan-tag-present'],
  [60, 'vlan-protocol'],
]);

/**
 * What a live capture reads at a constant negative offset from the packet's first byte, as in
 * `ether[-4048]`; nothing, where an offset is that of bytes.
 */
export function ancillaryAt(place: Place, index: Tree): AncillaryField | undefined {
  if (place.offset !== 0 || place.index !== undefined) return undefined;
  const offset = constantOf(index);
  return offset === undefined || offset < start ? undefined : fields.get(offset - start);
}

/** The value of a tree of constants, such as `-4048` is. */
function constantOf(tree: Tree): number | undefined {
  if (tree.kind === 'const') return tree.value;
  if (tree.kind !== 'arith') return undefined;
  const { op, left, right } = tree;
  // Not deeper: a longer sum would have to be gone through without recursion.
  if (left.kind !== 'const' || right.kind !== 'const') return undefined;
  return arith(op, left.value, right.value);
}
