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
  /** A protocol word alone: `icmp`. */
  | { readonly kind: 'protocol'; readonly word: string; readonly span: Span }
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

export interface ChainLink {
  readonly op: 'and' | 'or';
  readonly operand: Expression;
}

export type Direction = 'src' | 'dst' | 'src or dst' | 'src and dst';
export type TypeWord = 'host' | 'net' | 'port' | 'portrange' | 'proto';

export interface Qualifiers {
  readonly protocol?: string;
  readonly direction?: Direction;
  readonly type?: TypeWord;
  /** Where the qualifiers stand, for messages. */
  readonly span: Span;
}

/** What a primitive is about, as it was written: addresses are checked in phase 2. */
export type Identifier =
  | { readonly kind: 'number'; readonly value: number; readonly text: string; readonly span: Span }
  /** One to four decimal parts joined by dots; a prefix length or a mask may follow. */
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
  | { readonly kind: 'name'; readonly text: string; readonly span: Span };

export type RelationOp = '=' | '!=' | '>' | '>=' | '<' | '<=';

export type Arithmetic =
  | { readonly kind: 'number'; readonly value: number; readonly span: Span }
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
