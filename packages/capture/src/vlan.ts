import type { LinkType } from '@hookdump/codegen';
import type { CaptureRecord } from './record.ts';

/** Where a tag stands in an Ethernet header: behind the two addresses (IEEE 802.1Q). */
const tagOffset = 12;
const tagLength = 4;

/**
 * The frame with the VLAN tag in its place. The kernel takes the tag out of the bytes and keeps it
 * beside them; tcpdump puts it back, and so its length counts.
 */
export function withVlanTag(
  { data, length, vlanProto, vlanTci }: CaptureRecord,
  linkType: LinkType,
  snapLen: number,
): { data: Uint8Array; originalLength: number } {
  if (vlanProto === 0 || linkType !== 'EN10MB' || data.length < tagOffset) {
    return { data, originalLength: length };
  }
  const tagged = new Uint8Array(data.length + tagLength);
  tagged.set(data.subarray(0, tagOffset));
  new DataView(tagged.buffer).setUint32(tagOffset, vlanProto * 0x10000 + vlanTci);
  tagged.set(data.subarray(tagOffset), tagOffset + tagLength);
  return { data: tagged.subarray(0, snapLen), originalLength: length + tagLength };
}
