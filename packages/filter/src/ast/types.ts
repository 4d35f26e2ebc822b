import type { ArithOp } from '../ir/types.ts';
import type { Span } from '../source.ts';

/** What was written: nothing filled in, nothing resolved, every node with its place in the text. */
export type Expression =
  /** `first op operand op operand …`: `and` and `or` bind alike, from the left. */
  | {
      readonly kind: 'chain';
      readonly first: Expression;
      readonly rest: readonly ChainLink[];
      readonly span: Span;
    }
  | { readonly kind: 'not'; readonly operand: Expression; readonly span: Span }
  | { readonly kind: 'group'; readonly inner: Expression; readonly span: Span }
  /** `[protocol] [direction] [type] id`; `ids` has only `bare` leaves: `port (80 or 443)`. */
  | {
      readonly kind: 'primitive';
      readonly qualifiers: Qualifiers;
      readonly ids: Expression;
      readonly span: Span;
    }
  /** An identifier alone, which takes the qualifiers of what stands before it: `port 80 or 443`. */
  | { readonly kind: 'bare'; readonly id: Identifier; readonly span: Span }
  /** A protocol word alone: `icmp`, `isis`, `csnp`. */
  | { readonly kind: 'protocol'; readonly word: string; readonly span: Span }
  /** A word that is a test by itself and no protocol: `inbound`, `fisu`, `metac`, `lane`, … */
  | { readonly kind: 'word'; readonly word: string; readonly span: Span }
  /** `broadcast`, `ether broadcast`, `ip6 multicast`. */
  | {
      readonly kind: 'cast';
      readonly protocol?: string;
      readonly word: 'broadcast' | 'multicast';
      readonly span: Span;
    }
  /** `vlan`, `mpls 100`: the tests that follow look behind this header. */
  | {
      readonly kind: 'encapsulation';
      readonly word: 'vlan' | 'mpls' | 'pppoed' | 'pppoes' | 'geneve' | 'vxlan';
      readonly value?: NumberOperand;
      readonly span: Span;
    }
  /** `ifindex N`. */
  | { readonly kind: 'ifindex'; readonly value: NumberOperand; readonly span: Span }
  /** `byte INDEX op VALUE`, an old spelling of `link[INDEX] op VALUE`. */
  | {
      readonly kind: 'byte-test';
      readonly offset: NumberOperand;
      readonly op: '=' | '<' | '>' | '&' | '|';
      readonly value: NumberOperand;
      readonly span: Span;
    }
  /** `llc`, `llc s`, `llc rnr`; the word as it was written. */
  | { readonly kind: 'llc'; readonly type?: NameOperand; readonly span: Span }
  /** `type mgt`, `type mgt subtype beacon`, `subtype beacon`, all with or without `wlan`. */
  | {
      readonly kind: 'wlan-type';
      readonly type?: NumberOperand | NameOperand;
      readonly subtype?: NumberOperand | NameOperand;
      readonly span: Span;
    }
  /** `dir tods`, `direction 3`. */
  | {
      readonly kind: 'wlan-direction';
      readonly value: NumberOperand | NameOperand;
      readonly span: Span;
    }
  /** Words about what OpenBSD's packet filter logs: `ifname em0`, `rnr 5`, `reason match`, … */
  | {
      readonly kind: 'pf';
      readonly field: 'ifname' | 'rset' | 'rnr' | 'srnr' | 'reason' | 'action';
      readonly value: NumberOperand | NameOperand;
      readonly span: Span;
    }
  /** A numeric field of ATM or SS7: `vpi 5`, `opc > 5`, `sio (5 or 6)`: true if any is. */
  | {
      readonly kind: 'field';
      readonly field: FieldWord;
      readonly alternatives: readonly {
        readonly op: RelationOp;
        readonly value: NumberOperand;
      }[];
      readonly span: Span;
    }
  | {
      readonly kind: 'relation';
      readonly op: RelationOp;
      readonly left: Arithmetic;
      readonly right: Arithmetic;
      readonly span: Span;
    }
  /** `less N` and `greater N`. */
  | {
      readonly kind: 'length-test';
      readonly word: 'less' | 'greater';
      readonly value: number;
      readonly span: Span;
    };

/** One more operand of a chain, with the word before it. */
export interface ChainLink {
  readonly op: 'and' | 'or';
  readonly operand: Expression;
}

/** `ra` to `addr4` are of 802.11; `address1` is `addr1`. */
export type Direction =
  | 'src'
  | 'dst'
  | 'src or dst'
  | 'src and dst'
  | 'ra'
  | 'ta'
  | 'addr1'
  | 'addr2'
  | 'addr3'
  | 'addr4';
/** What an identifier is: `portrange` of `portrange 80-90`. */
export type TypeWord = 'host' | 'net' | 'port' | 'portrange' | 'proto' | 'protochain' | 'gateway';

/** Fields of ATM and of SS7; those with `h` are of high-speed SS7 links. */
export type FieldWord =
  | 'vpi'
  | 'vci'
  | 'sio'
  | 'opc'
  | 'dpc'
  | 'sls'
  | 'hsio'
  | 'hopc'
  | 'hdpc'
  | 'hsls';

/** A number, or a named constant, as the operand of a word. */
export interface NumberOperand {
  readonly kind: 'number';
  readonly value: number;
  readonly text: string;
  readonly span: Span;
}

/** A name as the operand of a word, without the `\\` that it may have been written with. */
export interface NameOperand {
  readonly kind: 'name';
  readonly text: string;
  readonly span: Span;
}

/** The words before an identifier; what is left out is not filled in. */
export interface Qualifiers {
  readonly protocol?: string;
  readonly direction?: Direction;
  readonly type?: TypeWord;
  /** Where the qualifiers stand, for messages. */
  readonly span: Span;
}

/** What a primitive is about, as it was written: addresses are checked in phase 2. */
export type Identifier =
  | NumberOperand
  /**
   * One to four decimal parts joined by dots; a prefix length or a mask may follow. Two parts are
   * a DECnet address after `decnet host`.
   */
  | {
      readonly kind: 'ipv4';
      readonly text: string;
      readonly prefix?: number;
      readonly mask?: string;
      readonly span: Span;
    }
  | {
      readonly kind: 'ipv6';
      readonly text: string;
      readonly prefix?: number;
      readonly span: Span;
    }
  | { readonly kind: 'mac'; readonly text: string; readonly span: Span }
  /** `$0e`: a hardware address of one byte (ARCnet, BACnet MS/TP). */
  | { readonly kind: 'mac8'; readonly text: string; readonly span: Span }
  | NameOperand;

/** Comparisons, unsigned; `==` is `=`. */
export type RelationOp = '=' | '!=' | '>' | '>=' | '<' | '<=';

/** One side of a relation. */
export type Arithmetic =
  /** The text is as it was written: `0xf`, `tcp-syn`. */
  | {
      readonly kind: 'number';
      readonly value: number;
      readonly text?: string;
      readonly span: Span;
    }
  | { readonly kind: 'length'; readonly span: Span }
  /** `protocol[offset:size]` */
  | {
      readonly kind: 'load';
      readonly protocol: string;
      readonly offset: Arithmetic;
      readonly size: number;
      readonly sizeSpan: Span;
      readonly span: Span;
    }
  | {
      readonly kind: 'binary';
      readonly op: ArithOp;
      readonly left: Arithmetic;
      readonly right: Arithmetic;
      readonly span: Span;
    }
  | { readonly kind: 'negate'; readonly operand: Arithmetic; readonly span: Span };
