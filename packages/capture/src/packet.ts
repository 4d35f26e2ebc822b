import type { Hook, LinkType } from '@hookdump/codegen';

/** Where packets come from: one device of one namespace at one hook. One interface in a file. */
export interface CaptureInterface {
  /** Counted from 0 in the order in which they are first seen. */
  readonly id: number;
  readonly hook: Hook;
  readonly linkType: LinkType;
  /** ARPHRD_* */
  readonly deviceType: number;
  readonly device: string;
  readonly ifindex: number;
  /** Inode number of the namespace. */
  readonly netns: number;
  /** The namespace's name, its number where it has none, empty for that of this process. */
  readonly netnsName: string;
}

/** A captured packet as a sink gets it. */
export interface CapturedPacket {
  readonly from: CaptureInterface;
  /** Nanoseconds since the epoch. */
  readonly timestamp: bigint;
  /** The frame from its first byte, the VLAN tag in its place. */
  readonly data: Uint8Array;
  readonly originalLength: number;
  /** PACKET_* of <linux/if_packet.h>; 4 is outgoing. */
  readonly packetType: number;
  readonly queue: number;
  /** The sk_buff's address: the same for one packet at several hooks; 0 at XDP. */
  readonly skb: bigint;
}

/** A device as people tell it apart from others of the same name: `red/eth0`, or `eth0` of ours. */
export function deviceLabel({ device, netnsName }: CaptureInterface): string {
  return netnsName === '' ? device : `${netnsName}/${device}`;
}

/** What a hook is called behind a device: `netif_receive_skb`, `xdp`. */
export const hookLabel = ({ kind, target, program }: Hook): string =>
  kind.mixesLinkTypes ? (target ?? program) : kind.kind;
