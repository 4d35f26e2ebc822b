import type { IToken } from 'chevrotain';
import type { Diagnostic } from '../../diagnostic.ts';
import * as messages from '../../messages/parse.ts';
import * as t from '../tokens.ts';
import { tokenSpan } from '../tokens.ts';
import { foundToken, isKind, type Situation, spell } from './situation.ts';

/** What recognisers of several places have in common. */

export const isIdentifier = (token: IToken | undefined): boolean =>
  isKind(token, t.Name, t.NumberToken, t.Ipv4, t.Ipv6, t.Mac);

export const isQualifier = (token: IToken | undefined): boolean =>
  isKind(token, t.Protocol, t.Direction, t.AddressType, t.PlainType);

/** Words that could be meant as names: all but those that join, and signs that are no words. */
export const isKeyword = (token: IToken | undefined): boolean =>
  token !== undefined && t.keywords.has(token.image) && !isKind(token, t.AndOr, t.Not, t.Mask);

/** `[fe80::1]`, as URLs have it. */
export function bracketedAddress(situation: Situation): Diagnostic | undefined {
  const { tokens, at } = situation;
  const found = foundToken(situation);
  const address = tokens[at + 1];
  if (!isKind(found, t.OpenBracket) || !isKind(address, t.Ipv6)) return undefined;
  return messages.wrongAddress(
    tokenSpan(found!),
    found!.image,
    `an IPv6 address has no brackets here: 'host ${address!.image}'`,
  );
}

/**
 * `vlan = 5` for `vlan 5`: what stands before the sign is no number.
 *
 * @param written what stands before the value when it is written right
 */
export function signAfterWord(situation: Situation, written: string): Diagnostic | undefined {
  const { tokens, at } = situation;
  const sign = tokens[at];
  const value = tokens[at + 1];
  if (!isKind(sign, t.RelationSign) || !isIdentifier(value)) return undefined;
  const plain = `${written} ${value!.image}`;
  const meant = sign!.payload === '=' ? plain : sign!.payload === '!=' ? `not ${plain}` : undefined;
  return messages.takesNoSign(
    tokenSpan(sign!),
    tokens[at - 1]!.image,
    sign!.image,
    meant ?? rangeHint(written, sign!, value!) ?? plain,
  );
}

/** `port > 1024` for `portrange 1025-65535`. */
function rangeHint(written: string, sign: IToken, value: IToken): string | undefined {
  if (!/\bport$/.test(written) || !isKind(value, t.NumberToken)) return undefined;
  const number = value.payload as number;
  const ranges: Readonly<Record<string, readonly [number, number]>> = {
    '>': [number + 1, 65535],
    '>=': [number, 65535],
    '<': [0, number - 1],
    '<=': [0, number],
  };
  const [low, high] = ranges[sign.payload as string] ?? [1, 0];
  return low > high ? undefined : `${written}range ${low}-${high}`;
}

/** The operand's words up to where reading stopped, without the `not` before them. */
export function writtenSoFar({ tokens, first, at }: Situation): string {
  return spell(tokens.slice(first, at).filter((token) => !isKind(token, t.Not)));
}
