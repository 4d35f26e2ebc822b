import { createToken, type IToken, type TokenType } from 'chevrotain';
import type { Span } from '../source.ts';
import { aliases, words } from '../tables/words.ts';

/**
 * The vocabulary: one kind of token for each part that words play in the grammar, rather than one
 * for each word, which keeps building the parser cheap. `lex` makes the tokens; none has a pattern.
 */
const kind = (name: string): TokenType => createToken({ name });

// What is told apart by its spelling.
/** A name; the payload is it without a `\\`. */
export const Name = kind('Name');
/** A number, or a named constant; the payload is its value. */
export const NumberToken = kind('Number');
export const Ipv4 = kind('Ipv4');
export const Ipv6 = kind('Ipv6');
/** The payload is `mac` or `mac8`. */
export const Mac = kind('Mac');
/** What has no meaning and has been told about already. */
export const Bad = kind('Bad');

// Signs; the payload is the sign or its word, in its first spelling.
export const AndOr = kind('AndOr');
export const Not = kind('Not');
export const RelationSign = kind('RelationSign');
export const ArithSign = kind('ArithSign');
export const Open = kind('Open');
/** A parenthesis inside a number rather than around tests: `classifyParentheses` tells. */
export const ArithOpen = kind('ArithOpen');
export const Close = kind('Close');
export const OpenBracket = kind('OpenBracket');
export const CloseBracket = kind('CloseBracket');
export const Colon = kind('Colon');

// Words; the payload is the word, in its first spelling where it has several.
export const Protocol = kind('Protocol');
/** `src or dst` is one token: `joinPhrases` sees to that. */
export const Direction = kind('Direction');
/** A type that a direction may stand before. */
export const AddressType = kind('AddressType');
export const PlainType = kind('PlainType');
export const Mask = kind('Mask');
export const Length = kind('Length');
export const Byte = kind('Byte');
export const Cast = kind('Cast');
/** A whole test. */
export const Test = kind('Test');
export const Encapsulation = kind('Encapsulation');
/** A word that a number must follow; then one that a name must follow, and one that takes either. */
export const NumberWord = kind('NumberWord');
export const NameWord = kind('NameWord');
export const EitherWord = kind('EitherWord');
export const Llc = kind('Llc');
export const WlanType = kind('WlanType');
export const WlanSubtype = kind('WlanSubtype');
export const WlanDirection = kind('WlanDirection');
export const Field = kind('Field');

export const vocabulary: TokenType[] = [
  ...[Name, NumberToken, Ipv4, Ipv6, Mac, Bad, AndOr, Not, RelationSign, ArithSign, Open, Close],
  ...[ArithOpen, OpenBracket, CloseBracket, Colon, Protocol, Direction, AddressType, PlainType],
  ...[Mask, Length, Byte, Cast, Test, Encapsulation, NumberWord, NameWord, EitherWord, Llc],
  ...[WlanType, WlanSubtype, WlanDirection, Field],
];

export interface Keyword {
  readonly type: TokenType;
  readonly word: string;
}

const groups: readonly (readonly [TokenType, readonly string[]])[] = [
  [Protocol, words.protocols],
  [Protocol, words.links],
  [Direction, words.directions],
  [Direction, words.wlanAddresses],
  [AddressType, words.addressTypes],
  [PlainType, words.plainTypes],
  [Length, words.lengths],
  [Cast, words.casts],
  [Test, words.tests],
  [Encapsulation, words.encapsulations],
  [NumberWord, words.lengthTests],
  [NumberWord, words.numberWords],
  [NameWord, words.nameWords],
  [EitherWord, ['reason']],
  [Field, words.fields],
  [AndOr, ['and', 'or']],
  [Not, ['not']],
  [Mask, ['mask']],
  [Byte, ['byte']],
  [Llc, ['llc']],
  [WlanType, ['type']],
  [WlanSubtype, ['subtype']],
  [WlanDirection, ['dir']],
];

/** Every reserved word and the kind of its token. */
export const keywords: ReadonlyMap<string, Keyword> = (() => {
  const map = new Map<string, Keyword>();
  for (const [type, members] of groups) for (const word of members) map.set(word, { type, word });
  for (const [alias, word] of Object.entries(aliases)) map.set(alias, map.get(word)!);
  return map;
})();

/** @param payload what the token stands for: a number, a name, or a word in its first spelling */
export function makeToken(
  type: TokenType,
  image: string,
  start: number,
  payload: string | number | undefined,
): IToken {
  return {
    image,
    startOffset: start,
    endOffset: start + image.length - 1,
    tokenTypeIdx: type.tokenTypeIdx!,
    tokenType: type,
    payload,
  };
}

export function setType(token: IToken, type: TokenType): void {
  token.tokenType = type;
  token.tokenTypeIdx = type.tokenTypeIdx!;
}

export const tokenSpan = (token: IToken): Span => ({
  start: token.startOffset,
  end: token.endOffset! + 1,
});

/** The span from one token's start to another's end. */
export const spanFrom = (first: IToken, last: IToken): Span => ({
  start: first.startOffset,
  end: last.endOffset! + 1,
});
