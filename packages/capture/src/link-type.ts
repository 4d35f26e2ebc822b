import type { LinkType } from '@hookdump/codegen';
import { linkTypes } from '@hookdump/pcapng';

/**
 * ARPHRD_* of <linux/if_arp.h>: ETHER, LOOPBACK; then NONE, PPP, RAWIP, TUNNEL, TUNNEL6, SIT and
 * IPGRE. bpf-templates/include/link_type.h is the kernel's side of the same table.
 */
const ethernet: ReadonlySet<number> = new Set([1, 772]);
const rawIp: ReadonlySet<number> = new Set([0xfffe, 512, 519, 768, 769, 776, 778]);

/** What frames of a device begin with, by its ARPHRD_* number; nothing for one not supported. */
export function linkTypeOf(deviceType: number): LinkType | undefined {
  if (ethernet.has(deviceType)) return 'EN10MB';
  return rawIp.has(deviceType) ? 'RAW' : undefined;
}

/** The number of a link type in capture files. */
export const linkTypeNumber = (linkType: LinkType): number => linkTypes[linkType].value;
