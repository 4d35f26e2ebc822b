import type { IToken } from 'chevrotain';
import type { Diagnostic } from '../../diagnostic.ts';
import { compared } from '../../messages/encapsulated.ts';
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
  const { tokens, at, linux } = situation;
  const sign = tokens[at];
  const value = tokens[at + 1];
  if (!isKind(sign, t.RelationSign) || !isIdentifier(value)) return undefined;
  const op = sign!.payload as string;
  const plain = `${written} ${value!.image}`;
  const meant =
    op === '='
      ? plain
      : op === '!='
        ? `not ${plain}`
        : isKind(value, t.NumberToken)
          ? (portsThat(written, op, value!) ?? compared(written, op, value!.image, linux))
          : undefined;
  return messages.takesNoSign(tokenSpan(sign!), tokens[at - 1]!.image, sign!.image, meant);
}

/** `port > 1024` for `portrange 1025-65535`. */
export function portsThat(written: string, op: string, value: IToken): string | undefined {
  if (!/\bport$/.test(written) || !isKind(value, t.NumberToken)) return undefined;
  const number = value.payload as number;
  const ranges: Readonly<Record<string, readonly [number, number]>> = {
    '>': [number + 1, 65535],
    '>=': [number, 65535],
    '<': [0, number - 1],
    '<=': [0, number],
  };
  const [low, high] = ranges[op] ?? [1, 0];
  return low > high ? undefined : `${written}range ${low}-${high}`;
}

/** The qualifiers that the operand begins with. */
export function leadingQualifiers({ tokens, first, at }: Situation): {
  readonly protocol: IToken | undefined;
  readonly direction: IToken | undefined;
  readonly type: IToken | undefined;
} {
  const all = tokens.slice(first, at).filter((token) => !isKind(token, t.Not));
  const end = all.findIndex((token) => !isQualifier(token));
  const read = all.slice(0, end < 0 ? undefined : end);
  return {
    protocol: read.find((token) => isKind(token, t.Protocol)),
    direction: read.find((token) => isKind(token, t.Direction)),
    type: read.find((token) => isKind(token, t.AddressType, t.PlainType)),
  };
}

export const hasPorts = (token: IToken | undefined): boolean =>
  isKind(token, t.Protocol) && ['tcp', 'udp', 'sctp'].includes(token!.image);

/** The operand's words up to where reading stopped, without the `not` before them. */
export function writtenSoFar({ tokens, first, at }: Situation): string {
  return spell(tokens.slice(first, at).filter((token) => !isKind(token, t.Not)));
}
