import type { Direction, RelationOp } from '../ast/types.ts';
import type { ArithOp, LoadSize } from '../ir/types.ts';
import type { LinkProtocol, TransportWord } from '../tables/protocols.ts';

/** What a filter means: and/or/not over tests. No names, no defaults, nothing elided any more. */
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

export type PredicateTest =
  /** The link-layer header announces this protocol. */
  | { readonly kind: 'link-protocol'; readonly protocol: LinkProtocol }
  /** IPv4's protocol field, or IPv6's next header (one fragment header is looked behind). */
  | {
      readonly kind: 'ip-protocol';
      readonly number: number;
      readonly over: readonly ('ip' | 'ip6')[];
    }
  /** An IPv4 address in one of these protocols, after masking. `mask` 0 matches any address. */
  | {
      readonly kind: 'ipv4-address';
      readonly protocols: readonly ('ip' | 'arp' | 'rarp')[];
      readonly direction: Direction;
      readonly address: number;
      readonly mask: number;
    }
  /** An IPv6 address as four words, most significant first. */
  | {
      readonly kind: 'ipv6-address';
      readonly direction: Direction;
      readonly address: readonly number[];
      readonly mask: readonly number[];
    }
  /** A port, `low` to `high` inclusive, of one of these IP protocols, in unfragmented headers. */
  | {
      readonly kind: 'port';
      readonly protocols: readonly number[];
      readonly direction: Direction;
      readonly low: number;
      readonly high: number;
    }
  | {
      readonly kind: 'relation';
      readonly op: RelationOp;
      readonly left: Term;
      readonly right: Term;
    };

/** Whose header a load counts from; `link` is the frame's first byte. */
export type LoadBase = 'link' | LinkProtocol | TransportWord;

export type Term =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'length' }
  | {
      readonly kind: 'load';
      readonly base: LoadBase;
      readonly offset: Term;
      readonly size: LoadSize;
    }
  | { readonly kind: 'negate'; readonly operand: Term }
  | {
      readonly kind: 'binary';
      readonly op: ArithOp;
      readonly left: Term;
      readonly right: Term;
    };
