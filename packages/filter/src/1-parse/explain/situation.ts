import type { IToken, TokenType } from 'chevrotain';
import type { Span } from '../../source.ts';
import { tokenSpan } from '../tokens.ts';

/** Where the grammar stopped. */
export interface Situation {
  readonly text: string;
  readonly tokens: readonly IToken[];
  /** Is it for a live capture on Linux, where the outer VLAN tag is beside the frame? */
  readonly linux: boolean;
  /** Index of the first token of the operand that could not be read, any `not` included. */
  readonly first: number;
  /** Index of the token that cannot follow; `tokens.length` at the end of the text. */
  readonly at: number;
}

export const foundToken = ({ tokens, at }: Situation): IToken | undefined => tokens[at];

/** The last token that could be read, unless it belongs to what stands before the operand. */
export const tokenBefore = ({ tokens, first, at }: Situation): IToken | undefined =>
  at > first ? tokens[at - 1] : undefined;

/** What to show as found. */
export const foundImage = (situation: Situation): string | undefined =>
  foundToken(situation)?.image;

/** Where to point at: the token that cannot follow, or the end of the text. */
export function foundSpan({ tokens, at, text }: Situation): Span {
  const token = tokens[at];
  return token === undefined ? { start: text.length, end: text.length } : tokenSpan(token);
}

export const isKind = (token: IToken | undefined, ...kinds: TokenType[]): boolean =>
  token !== undefined && kinds.includes(token.tokenType);

/** Do two tokens stand without a blank between them? */
export const adjacent = (left: IToken | undefined, right: IToken | undefined): boolean =>
  left !== undefined && right !== undefined && left.endOffset! + 1 === right.startOffset;

/** The words of some tokens, with a blank between each two. */
export const spell = (tokens: readonly (IToken | undefined)[]): string =>
  tokens.flatMap((token) => token?.image ?? []).join(' ');
