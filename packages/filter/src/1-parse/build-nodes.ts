import type { IToken } from 'chevrotain';
import type {
  Arithmetic,
  ChainLink,
  Direction,
  Expression,
  Identifier,
  NameOperand,
  NumberOperand,
  Qualifiers,
  TypeWord,
} from '../ast/types.ts';
import { join, type Span } from '../source.ts';
import { spanFrom, tokenSpan } from './tokens.ts';

/** Tokens to the AST nodes that take more than their tokens' payloads put side by side. */

/** The word or sign that a token stands for, in its first spelling. */
export const word = <Word extends string>(token: IToken): Word => token.payload as Word;

export const numberOperand = (token: IToken): NumberOperand => ({
  kind: 'number',
  value: token.payload as number,
  text: token.image,
  span: tokenSpan(token),
});

export const nameOperand = (token: IToken): NameOperand => ({
  kind: 'name',
  text: word(token),
  span: tokenSpan(token),
});

export const not = (sign: IToken, operand: Expression): Expression => ({
  kind: 'not',
  operand,
  span: { start: sign.startOffset, end: operand.span.end },
});

export function chain(first: Expression, rest: readonly ChainLink[]): Expression {
  if (rest.length === 0) return first;
  return { kind: 'chain', first, rest, span: join(first.span, rest.at(-1)!.operand.span) };
}

export const bare = (id: Identifier): Expression => ({ kind: 'bare', id, span: id.span });

/** An IPv4 address with what may follow it: a prefix length or a mask. */
export const ipv4 = (
  address: IToken,
  prefix: IToken | undefined,
  mask: IToken | undefined,
): Identifier => ({
  kind: 'ipv4',
  text: address.image,
  ...(prefix && { prefix: prefix.payload as number }),
  ...(mask && { mask: mask.image }),
  span: spanFrom(address, prefix ?? mask ?? address),
});

export const ipv6 = (address: IToken, prefix: IToken | undefined): Identifier => ({
  kind: 'ipv6',
  text: address.image,
  ...(prefix && { prefix: prefix.payload as number }),
  span: spanFrom(address, prefix ?? address),
});

export const hardwareAddress = (address: IToken): Identifier => ({
  kind: word<'mac' | 'mac8'>(address),
  text: address.image,
  span: tokenSpan(address),
});

/** What stands before an identifier, its protocol aside. */
export interface Qualified {
  readonly direction?: Direction;
  readonly type?: TypeWord;
  readonly span: Span;
}

export const qualified = (
  direction: IToken | undefined,
  type: IToken | undefined,
  span: Span,
): Qualified => ({
  ...(direction && { direction: word<Direction>(direction) }),
  ...(type && { type: word<TypeWord>(type) }),
  span,
});

export function primitive(
  protocol: IToken | undefined,
  { direction, type, span }: Qualified,
  ids: Expression,
): Expression {
  const start = protocol?.startOffset ?? span.start;
  const qualifiers: Qualifiers = {
    ...(protocol && { protocol: word<string>(protocol) }),
    ...(direction && { direction }),
    ...(type && { type }),
    span: { start, end: span.end },
  };
  return { kind: 'primitive', qualifiers, ids, span: { start, end: ids.span.end } };
}

export const load = (
  protocol: IToken,
  offset: Arithmetic,
  size: IToken | undefined,
  span: Span,
): Arithmetic => ({
  kind: 'load',
  protocol: word(protocol),
  offset,
  size: size === undefined ? 1 : (size.payload as number),
  sizeSpan: tokenSpan(size ?? protocol),
  span,
});

export const constant = (token: IToken): Arithmetic => ({
  kind: 'number',
  value: token.payload as number,
  text: token.image,
  span: tokenSpan(token),
});

/** A word with its number: `less`, `greater`, `ifindex`, `rnr`, `srnr`. */
export function numberTest(token: IToken, value: NumberOperand, span: Span): Expression {
  switch (token.payload) {
    case 'less':
    case 'greater':
      return { kind: 'length-test', word: token.payload, value: value.value, span };
    case 'ifindex':
      return { kind: 'ifindex', value, span };
    default:
      return { kind: 'pf', field: word<'rnr' | 'srnr'>(token), value, span };
  }
}
