/**
 * LINKTYPE_LINUX_SLL2 (276): the frame of packets whose real link-layer header is absent or differs
 * from packet to packet. 20 bytes, big-endian, then the layer-3 packet.
 *
 * Source: https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html
 */

import { requireUint } from './check.ts';

export const sll2HeaderLength = 20;

/** linux/if_packet.h PACKET_*, the same numbers as skb->pkt_type. */
export const sll2PacketTypes = {
  host: 0,
  broadcast: 1,
  multicast: 2,
  otherHost: 3,
  outgoing: 4,
} as const;

export interface Sll2Header {
  /** Ethertype of what follows, in host order (0x0800 is IPv4). */
  readonly protocol: number;
  /** Device index; tcpdump looks its name up on the machine that prints. */
  readonly ifindex: number;
  /** ARPHRD_ value of the device: 1 Ethernet, 772 loopback. */
  readonly hatype: number;
  /** One of `sll2PacketTypes`. */
  readonly packetType: number;
  /** The sender's link-layer address; the frame has room for its first 8 bytes. Default: none. */
  readonly address?: Uint8Array | undefined;
}

/**
 * Builds the header at `at` of `target` (a fresh array by default) and gives `target`. Throws
 * RangeError if a field does not fit.
 */
export function sll2Header(
  header: Sll2Header,
  target: Uint8Array = new Uint8Array(sll2HeaderLength),
  at = 0,
): Uint8Array {
  const { protocol, ifindex, hatype, packetType, address } = header;
  requireUint('SLL2 protocol', protocol, 16);
  requireUint('SLL2 ifindex', ifindex, 32);
  requireUint('SLL2 ARPHRD type', hatype, 16);
  requireByte('packet type', packetType);
  const addressLength = address?.length ?? 0;
  requireByte('address length', addressLength);
  const view = new DataView(target.buffer, target.byteOffset + at, sll2HeaderLength);
  view.setUint16(0, protocol);
  view.setUint16(2, 0);
  view.setUint32(4, ifindex);
  view.setUint16(8, hatype);
  view.setUint8(10, packetType);
  view.setUint8(11, addressLength);
  for (let index = 0; index < 8; index++) view.setUint8(12 + index, address?.[index] ?? 0);
  return target;
}

function requireByte(what: string, value: number): void {
  if (!Number.isInteger(value) || value < 0 || value > 0xff) {
    throw new RangeError(`SLL2 ${what} ${value} does not fit in a byte`);
  }
}
