import type { BlockId } from '../ir/types.ts';
import type { LinkTypeName } from '../tables/link-types.ts';
import type { Builder, Targets } from './builder.ts';
import { arith, load, recall, type Tree } from './tree.ts';

/**
 * A place in the packet: a constant number of bytes from its first, plus, behind headers whose
 * length is only known when the packet is there, a computed number.
 */
export interface Place {
  /** Unsigned 32-bit; sums wrap, as libpcap's do, so that a place can be moved back. */
  readonly offset: number;
  readonly index?: Tree;
}

/**
 * Where the headers of a packet stand, as far as the tests so far have looked into it: what
 * libpcap's gencode.c keeps in its compiler state. It is handed on from test to test in the order
 * of the text; `vlan` and its like hand on a changed copy ({@link behindVlan}, links/inside.ts).
 */
export interface Headers {
  /** The link type that packets begin with. */
  readonly linkType: LinkTypeName;
  /** A live capture on Linux: ancillary data can be asked for. */
  readonly linux: boolean;
  /** The link layer that tests are about now: the capture's, or one found inside. */
  readonly link: Link;
  /** Its header: `link[0]`, hardware addresses. (gencode.c: off_linkhdr) */
  readonly header: Place;
  /** The field that says what follows; absent where the link layer has none. (off_linktype) */
  readonly protocol?: Place;
  /** What follows the link layer's header, beginning with an 802.2 header if any. (off_linkpl) */
  readonly payload: Place;
  /** Bytes from the payload to the network header, behind an 802.2 and SNAP header. (off_nl) */
  readonly network: number;
  /** The same where there is an 802.2 header, but no SNAP header. (off_nl_nosnap) */
  readonly networkNoSnap: number;
  /** What must hold of a packet before its inner Ethernet header is looked at. */
  readonly guard: Guard;
  /** How many `vlan` and `mpls` tests stand before. */
  readonly vlanDepth: number;
  readonly mplsDepth: number;
  /** The next scratch word that is free: a test that needs some takes them from here. */
  readonly words: number;
}

/** (gencode.c: gen_prevlinkhdr_check()) */
type Guard =
  | 'none'
  /** LAN emulation: not a control frame. */
  | 'lane'
  /** Geneve and VXLAN: there is an Ethernet header at all; these words differ. */
  | { readonly headerWord: number; readonly payloadWord: number };

/**
 * What a link layer is like. Where an optional field is absent, the link layer has no such thing,
 * and a test that asks for it can't be compiled: the message names the test and `name`.
 */
export interface Link {
  readonly name: LinkTypeName;
  /** Absent where only raw words (`link[…]`, `len`) mean anything. */
  readonly protocols?: ProtocolField;
  readonly addresses?: Addresses;
  /** `llc`: what tells a frame with an 802.2 header from others; then it begins the payload. */
  readonly llc?: 'always' | 'ethernet' | 'wlan' | 'atm';
  /** Where the frame itself says which way it went. */
  readonly direction?: { readonly inbound: FieldTest; readonly outbound: FieldTest };
  /** Offset in the header of a four-byte interface index. */
  readonly interfaceIndex?: number;
  /** `vlan`: can tags follow? `linux` if the kernel may have moved the first one out of the way. */
  readonly vlan?: 'packet' | 'linux';
  /** `mpls`: the protocol number that announces it, as {@link ProtocolField} takes it. */
  readonly mpls?: number;
  /** Where OSI protocols differ from "NLPID at `networkNoSnap`, if `iso` is announced". */
  readonly osi?: 'frame-relay' | 'cisco-hdlc';
  /** IEEE 802.11: frame control at the header's first two bytes. */
  readonly wlan?: true;
  /** `radio[…]`: the packet begins with a radio header. */
  readonly radio?: true;
  /** The packet filter's log of BSD: `ifname`, `reason`, … */
  readonly pflog?: true;
  /** ATM with SunATM's header: `vpi`, `lane`, … Offsets from the header. */
  readonly atm?: AtmOffsets;
  /** SS7: offsets from the packet's first byte. */
  readonly mtp?: MtpOffsets;
}

/** How a link layer says which protocol follows. */
export interface ProtocolField {
  /**
   * Is this protocol announced? Numbers are EtherTypes if above 1500, else LLC SAPs, whatever the
   * link layer itself uses. No more than what {@link ProtocolField.limits} allows may be asked.
   */
  readonly is: (build: Builder, headers: Headers, protocol: number, to: Targets) => BlockId;
  /** What `ether proto N` can be asked for. */
  readonly limits: ProtocolLimits;
  /** The answer, where it is the same for all packets of the link type. */
  readonly known?: (protocol: number) => boolean | undefined;
}

/** What kind of number the field holds, which limits what can be asked. */
export type ProtocolLimits =
  /** A SAP up to 255, or an EtherType from 1501 to 65535. */
  | 'llc-or-ethertype'
  | 'ethertype'
  | 'ppp'
  | 'hdlc'
  /** Any number: what can't be announced is simply not. */
  | 'any';

/** Hardware addresses, by their offsets from the link header. */
export type Addresses =
  | { readonly kind: 'mac48'; readonly source: number; readonly destination: number }
  /** 802.11: up to four, and which is which depends on the frame. */
  | { readonly kind: 'wlan' }
  /** One byte each. */
  | {
      readonly kind: 'mac8';
      readonly source: number;
      readonly destination: number;
      readonly broadcast: number;
      /** Absent where there is no such thing. */
      readonly multicast?: number;
    };

/** A field of the link header compared with a number: `(field & mask) == value`, or not. */
export interface FieldTest {
  readonly offset: number;
  readonly size: 1 | 2 | 4;
  readonly mask?: number;
  readonly value: number;
  readonly negated?: true;
}

export interface AtmOffsets {
  readonly type: number;
  readonly vpi: number;
  readonly vci: number;
  readonly payload: number;
}

/** MTP2's length indicator, MTP3's fields; `…Hsl` for high-speed links (ITU-T Q.703 annex A). */
export interface MtpOffsets {
  readonly length: number;
  readonly lengthHsl: number;
  readonly sio: number;
  readonly opc: number;
  readonly dpc: number;
  readonly sls: number;
}

/** The same place, so many bytes on; back if negative. */
export function shift(place: Place, bytes: number): Place {
  const offset = (place.offset + bytes) >>> 0;
  return place.index === undefined ? { offset } : { offset, index: place.index };
}

/** A load that many bytes from a place. */
export function loadAt(size: 1 | 2 | 4, place: Place, bytes = 0): Tree {
  return load(size, (place.offset + bytes) >>> 0, place.index);
}

/** The same with a computed offset on top: `ip[…]`. */
export function loadIndexed(size: 1 | 2 | 4, place: Place, index: Tree): Tree {
  const sum = place.index === undefined ? index : arith('+', index, place.index);
  return load(size, place.offset, sum);
}

/** The network header: IP, ARP, …; in 802.2 frames, behind a SNAP header. */
export const networkHeader = (headers: Headers): Place => shift(headers.payload, headers.network);

/** The network header directly behind an 802.2 header: OSI. */
export const networkHeaderNoSnap = (headers: Headers): Place =>
  shift(headers.payload, headers.networkNoSnap);

/** Behind a VLAN tag of four bytes that is in the packet. */
export function behindVlan(headers: Headers): Headers {
  const { protocol, payload, vlanDepth } = headers;
  return {
    ...headers,
    ...(protocol !== undefined && { protocol: shift(protocol, 4) }),
    payload: shift(payload, 4),
    vlanDepth: vlanDepth + 1,
  };
}

/**
 * Behind a VLAN tag that is either in the packet or in the kernel's ancillary data, where it takes
 * no room: the first free scratch word must hold how many bytes it takes (4 or 0).
 */
export function behindLiveVlan(headers: Headers): Headers {
  const { protocol, payload, vlanDepth, words } = headers;
  const index = recall(words);
  return {
    ...headers,
    ...(protocol !== undefined && { protocol: { ...protocol, index } }),
    payload: { ...payload, index },
    vlanDepth: vlanDepth + 1,
    words: words + 1,
  };
}

/** Behind an MPLS label stack entry of four bytes (RFC 3032). */
export function behindMpls(headers: Headers): Headers {
  return {
    ...headers,
    network: (headers.network + 4) >>> 0,
    networkNoSnap: (headers.networkNoSnap + 4) >>> 0,
    mplsDepth: headers.mplsDepth + 1,
  };
}
