import type { LinkType } from '@hookdump/codegen';
import { linkTypes } from '@hookdump/pcapng';

/** ARPHRD_* of <linux/if_arp.h>: devices whose frames begin with an Ethernet header. */
const ethernet: ReadonlySet<number> = new Set([1, 772]);

/**
 * What frames of a device begin with, by its ARPHRD_* number; bpf-templates/include/link_type.h is
 * the kernel's side of the same table.
 */
export function linkTypeOf(deviceType: number): LinkType {
  return ethernet.has(deviceType) ? 'EN10MB' : 'RAW';
}

/** The number of a link type in capture files. */
export const linkTypeNumber = (linkType: LinkType): number => linkTypes[linkType].value;
