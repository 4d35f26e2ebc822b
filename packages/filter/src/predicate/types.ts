import type { Direction, FieldWord, RelationOp } from '../ast/types.ts';
import type { ArithOp, LoadSize } from '../ir/types.ts';
import type { Span } from '../source.ts';
import type { TransportWord } from '../tables/protocols.ts';

/**
 * What a filter means: and/or/not over tests. No names, no defaults, nothing elided any more, and
 * no link type yet: what a test looks at in a given link type, and whether that has such a thing,
 * is for phase 3. The order of tests is that of the text; an encapsulation (`vlan`) changes where
 * all tests behind it look, also behind an `or` and outside its parentheses.
 */
export type Predicate =
  | { readonly kind: 'chain'; readonly first: Predicate; readonly rest: readonly PredicateLink[] }
  | { readonly kind: 'not'; readonly operand: Predicate }
  /** The empty filter matches all. */
  | { readonly kind: 'always' }
  | PredicateTest;

export interface PredicateLink {
  readonly op: 'and' | 'or';
  readonly operand: Predicate;
}

/** Which end of a packet an address or port is looked for at. */
export type End = Extract<Direction, 'src' | 'dst' | 'src or dst' | 'src and dst'>;

/** A comparison of a header field with a number. */
interface FieldComparison {
  readonly op: RelationOp;
  readonly value: number;
}

/** Each has the place of its primitive in the text, for what phase 3 has to say about it. */
export type PredicateTest = { readonly span: Span } & Test;

type Test =
  /** The link layer announces this protocol: an EtherType if above 1500, else an LLC SAP. */
  | {
      readonly kind: 'link-protocol';
      readonly protocol: number;
      /** The place of its number or name, where it stands behind `proto`. */
      readonly operand?: Span;
    }
  /** IPv4's protocol field, or IPv6's next header (one fragment header is looked behind). */
  | {
      readonly kind: 'ip-protocol';
      readonly number: number;
      readonly over: readonly ('ip' | 'ip6')[];
    }
  /** The same behind any extension headers and authentication headers, up to a bound. */
  | {
      readonly kind: 'protochain';
      readonly number: number;
      readonly over: readonly ('ip' | 'ip6')[];
    }
  /** ISO/IEC TR 9577's network layer protocol identifier. */
  | { readonly kind: 'iso-protocol'; readonly number: number }
  /** One of these IS-IS PDU types, 0 to 31 each. */
  | { readonly kind: 'isis-pdu'; readonly types: readonly number[] }
  /** An IPv4 address in one of these protocols, after masking. `mask` 0 matches any address. */
  | {
      readonly kind: 'ipv4-address';
      readonly protocols: readonly ('ip' | 'arp' | 'rarp')[];
      readonly direction: End;
      readonly address: number;
      readonly mask: number;
    }
  /** An IPv6 address as four words, most significant first. */
  | {
      readonly kind: 'ipv6-address';
      readonly direction: End;
      readonly address: readonly number[];
      readonly mask: readonly number[];
    }
  /** A hardware address: six bytes, or one. Names in ethers(5) are of six. */
  | {
      readonly kind: 'link-address';
      readonly direction: Direction;
      readonly address: readonly number[];
    }
  /** A DECnet Phase IV address: area × 1024 + node. */
  | { readonly kind: 'decnet-address'; readonly direction: End; readonly address: number }
  /** Through a gateway: its hardware address, and none of its IPv4 addresses. */
  | {
      readonly kind: 'gateway';
      readonly protocols: readonly ('ip' | 'arp' | 'rarp')[];
      readonly hardware: readonly number[];
      readonly addresses: readonly number[];
    }
  /** A port, `low` to `high` inclusive, of one of these IP protocols, in unfragmented headers. */
  | {
      readonly kind: 'port';
      readonly protocols: readonly number[];
      readonly direction: End;
      readonly low: number;
      readonly high: number;
    }
  /** `mask` is the netmask that `ip broadcast` needs, of the network that is captured on. */
  | { readonly kind: 'broadcast'; readonly of: 'link' }
  | { readonly kind: 'broadcast'; readonly of: 'ip'; readonly netmask: number }
  | { readonly kind: 'multicast'; readonly of: 'link' | 'ip' | 'ip6' }
  | { readonly kind: 'packet-direction'; readonly direction: 'inbound' | 'outbound' }
  | { readonly kind: 'interface-index'; readonly index: number }
  /** Encapsulations: the tests behind one look inside. */
  | { readonly kind: 'vlan'; readonly id?: number }
  | { readonly kind: 'mpls'; readonly label?: number }
  | { readonly kind: 'pppoe-discovery' }
  | { readonly kind: 'pppoe-session'; readonly session?: number }
  | { readonly kind: 'geneve'; readonly vni?: number }
  | { readonly kind: 'vxlan'; readonly vni?: number }
  /** ATM LAN emulation: Ethernet behind it. */
  | { readonly kind: 'lane' }
  /** IEEE 802.2: any, or a control field whose first byte is `value` under `mask`. */
  | { readonly kind: 'llc'; readonly control?: { readonly mask: number; readonly value: number } }
  /** 802.11's first frame control byte is `value` under `mask`. */
  | {
      readonly kind: 'wlan-type';
      readonly mask: number;
      readonly value: number;
      /** Which of the two words it begins with. */
      readonly word: 'type' | 'subtype';
    }
  /** 802.11's to-DS and from-DS bits: 0 none, 1 to, 2 from, 3 both. */
  | { readonly kind: 'wlan-direction'; readonly direction: number }
  /** A name in PF's log: the field begins with it. */
  | {
      readonly kind: 'pf-name';
      readonly field: 'ifname' | 'rset';
      readonly name: string;
      /** The word as it was written: `on` for `ifname`. */
      readonly word?: string;
    }
  | {
      readonly kind: 'pf-number';
      readonly field: 'rnr' | 'srnr' | 'reason' | 'action';
      readonly value: number;
      readonly word?: string;
    }
  /** ATM's words: `metac`, `bcc`, `oamf4sc`, `oam`, `connectmsg`, … */
  | { readonly kind: 'atm-word'; readonly word: AtmWord }
  /** SS7's signal units: `fisu`, `lssu`, `msu`, and `h…` for high-speed links. */
  | { readonly kind: 'mtp-word'; readonly word: MtpWord }
  | {
      readonly kind: 'field';
      readonly field: FieldWord;
      readonly alternatives: readonly FieldComparison[];
    }
  | {
      readonly kind: 'relation';
      readonly op: RelationOp;
      readonly left: Term;
      readonly right: Term;
    };

export type AtmWord =
  | 'metac'
  | 'bcc'
  | 'oamf4sc'
  | 'oamf4ec'
  | 'sc'
  | 'ilmic'
  | 'oam'
  | 'oamf4'
  | 'connectmsg'
  | 'metaconnect';

export type MtpWord = 'fisu' | 'lssu' | 'msu' | 'hfisu' | 'hlssu' | 'hmsu';

/** Whose header a load counts from; `link` is the frame's first byte, `radio` the packet's. */
export type LoadBase = 'link' | 'radio' | LoadLinkProtocol | TransportWord;

/** Link-layer protocols whose header a load can count from. */
type LoadLinkProtocol =
  | 'ip'
  | 'ip6'
  | 'arp'
  | 'rarp'
  | 'atalk'
  | 'decnet'
  | 'lat'
  | 'sca'
  | 'moprc'
  | 'mopdl';

export type Term =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'length' }
  | {
      readonly kind: 'load';
      readonly base: LoadBase;
      readonly offset: Term;
      readonly size: LoadSize;
      readonly span: Span;
    }
  | { readonly kind: 'negate'; readonly operand: Term }
  | {
      readonly kind: 'binary';
      readonly op: ArithOp;
      readonly left: Term;
      readonly right: Term;
    };
