import type { LinkType } from '@hookdump/codegen';
import type { Packet } from '../packets.ts';
import type { Random } from '../random.ts';
import type { Route } from './quiet-lab.ts';
import type { Tag } from './vlan-tagger.ts';

/** A packet, and how it comes before the kernel. */
export interface Frame {
  /** What is special about it: a name of {@link kinds}. */
  readonly kind: string;
  readonly link: LinkType;
  readonly route: Route;
  readonly bytes: Uint8Array;
  /** A tag that is not in the bytes: the kernel keeps it in metadata. */
  readonly tag?: Tag;
}

/** Addresses and EtherType: less than that is no frame for the kernel (ETH_HLEN). */
export const ethernetHeader = 14;
const addresses = 12;

/** Longer than a page: all of a packet socket's packet behind the Ethernet header is then in pages. */
const moreThanPage = 4200;

type Make = (packet: Packet, r: Random) => Pick<Frame, 'bytes' | 'tag'>;
interface Kind {
  readonly name: string;
  readonly link: LinkType;
  readonly route: Route;
  readonly make: Make;
}

const asIs: Make = ({ data }) => ({ bytes: data });

/** Ends somewhere in the headers, where the next load may be the one that is out of bounds. */
const cutShort: Make = ({ data }, r) => ({ bytes: data.subarray(0, 1 + r.below(60)) });

/** The filter's own tag if it wants one. */
const tagOf = ({ ancillary }: Packet, r: Random): Tag => ({
  protocol: r.oneIn(4) ? 0x88a8 : 0x8100,
  tci: ancillary['vlan-tag'] ?? r.pick([0, 1, 5, 0x6005, 0xffff]),
});

const tagInMetadata: Make = (packet, r) => ({ bytes: packet.data, tag: tagOf(packet, r) });

const tagInBytes: Make = (packet, r) => {
  const { protocol, tci } = tagOf(packet, r);
  const { data } = packet;
  const tag = [protocol >> 8, protocol & 0xff, tci >> 8, tci & 0xff];
  return {
    bytes: Uint8Array.from([...data.subarray(0, addresses), ...tag, ...data.subarray(addresses)]),
  };
};

/** What was at the end is now in the middle; what follows tells where it is. */
const inPages: Make = ({ data }, r) => {
  const bytes = Uint8Array.from(
    { length: moreThanPage + r.below(4000) },
    (_, at) => at + (at >> 8),
  );
  bytes.set(data);
  return { bytes };
};

/** Where a C string would end at once, and where masks and lengths are 0. */
const nulHeavy: Make = ({ data }, r) => {
  const from = r.below(data.length);
  const keep = 2 + r.below(6);
  return { bytes: data.map((byte, at) => (at < from || r.oneIn(keep) ? byte : 0)) };
};

/** Every kind of packet. Adding one: a line. */
export const kinds: readonly Kind[] = [
  { name: 'as it is', link: 'EN10MB', route: 'veth', make: asIs },
  { name: 'cut short', link: 'EN10MB', route: 'veth', make: cutShort },
  { name: 'tag in metadata', link: 'EN10MB', route: 'veth', make: tagInMetadata },
  { name: 'tag in bytes', link: 'EN10MB', route: 'veth', make: tagInBytes },
  { name: 'in pages', link: 'EN10MB', route: 'veth', make: inPages },
  { name: 'NUL-heavy', link: 'EN10MB', route: 'veth', make: nulHeavy },
  { name: 'raw IP, arriving', link: 'RAW', route: 'tun received', make: asIs },
  { name: 'raw IP, sent', link: 'RAW', route: 'tun sent', make: asIs },
  { name: 'raw IP, cut short', link: 'RAW', route: 'tun received', make: cutShort },
  { name: 'raw IP, NUL-heavy', link: 'RAW', route: 'tun sent', make: nulHeavy },
];

/** One frame of each kind that a packet of this link type can be made into and be sent. */
export function framesOf(packet: Packet, link: LinkType, r: Random): Frame[] {
  const shortest = link === 'EN10MB' ? ethernetHeader : 1;
  if (packet.data.length < shortest) return [];
  return kinds
    .filter((kind) => kind.link === link)
    .map(({ name, route, make }) => ({ kind: name, link, route, ...make(packet, r) }))
    .filter(({ bytes }) => bytes.length >= shortest);
}
