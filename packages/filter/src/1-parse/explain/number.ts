import type { IToken } from 'chevrotain';
import type { Diagnostic } from '../../diagnostic.ts';
import * as messages from '../../messages/parse.ts';
import { namedConstants } from '../../tables/constants.ts';
import * as t from '../tokens.ts';
import { isIdentifier } from './hints.ts';
import { numberHint } from './number-hint.ts';
import {
  adjacent,
  foundImage,
  foundSpan,
  foundToken,
  isKind,
  type Situation,
  tokenBefore,
} from './situation.ts';

/** Something was being computed or compared. */
export function explainNumber(situation: Situation): Diagnostic | undefined {
  const before = tokenBefore(situation);
  if (before === undefined) return undefined;
  return (
    explainPrefixLength(situation, before) ??
    explainSign(situation, before) ??
    explainMissingNumber(situation, before) ??
    explainProtocolAsNumber(situation, before) ??
    explainLoad(situation) ??
    explainComparison(situation)
  );
}

/** `net 10.0.0.0/255.0.0.0` */
function explainPrefixLength(situation: Situation, before: IToken): Diagnostic | undefined {
  const { tokens, at } = situation;
  const address = tokens[at - 2];
  if (before.payload !== '/' || !isKind(address, t.Ipv4, t.Ipv6)) return undefined;
  const found = foundToken(situation);
  const hint =
    isKind(found, t.Ipv4) && isKind(address, t.Ipv4)
      ? `a mask has a word of its own: '${address!.image} mask ${found!.image}'`
      : 'a prefix length is a number of bits';
  return messages.expectedNumber(foundSpan(situation), before.image, found?.image, hint);
}

/** `len => 5`, `len <> 5`: signs of other languages. */
function explainSign(situation: Situation, before: IToken): Diagnostic | undefined {
  const found = foundToken(situation);
  if (!isKind(before, t.RelationSign) || !adjacent(before, found)) return undefined;
  const meant = otherSigns[before.image + found!.image];
  if (meant === undefined) return undefined;
  const span = t.spanFrom(before, found!);
  return messages.unknownSign(span, before.image + found!.image, meant);
}

const otherSigns: Readonly<Record<string, string>> = {
  '=>': '>=',
  '=<': '<=',
  '<>': '!=',
  '=!': '!=',
  '!==': '!=',
  '===': '=',
  '==>': '>=',
};

function explainMissingNumber(situation: Situation, before: IToken): Diagnostic | undefined {
  const signs = [t.RelationSign, t.ArithSign, t.OpenBracket, t.ArithOpen, t.Colon];
  if (!isKind(before, ...signs) || !isComputing(situation)) return undefined;
  const found = foundToken(situation);
  return messages.expectedNumber(
    foundSpan(situation),
    before.image,
    found?.image,
    found &&
      (headerField(situation, before, found) ??
        numberHint(found, situation.tokens[situation.at + 1])),
  );
}

/** `ip[9] = tcp` */
function explainProtocolAsNumber(situation: Situation, before: IToken): Diagnostic | undefined {
  const { tokens, at, first } = situation;
  const sign = tokens[at - 2];
  const signs = [t.RelationSign, t.ArithSign, t.OpenBracket, t.ArithOpen];
  if (!isKind(before, t.Protocol) || at - 2 < first || !isKind(sign, ...signs)) return undefined;
  return messages.expectedNumber(
    t.tokenSpan(before),
    sign!.image,
    before.image,
    `a value of its header is written '${before.image}[0]'`,
  );
}

/** Inside of `[…]` that is not closed yet. */
function explainLoad(situation: Situation): Diagnostic | undefined {
  const { tokens, first, at } = situation;
  const open: IToken[] = [];
  for (let index = first; index < at; index++) {
    const token = tokens[index]!;
    if (isKind(token, t.OpenBracket, t.ArithOpen)) open.push(token);
    else if (isKind(token, t.CloseBracket, t.Close)) open.pop();
  }
  const innermost = open.at(-1);
  if (innermost === undefined) return undefined;
  if (isKind(innermost, t.OpenBracket)) {
    return messages.expectedBracket(foundSpan(situation), foundImage(situation));
  }
  return at === tokens.length
    ? messages.unclosedParenthesis(t.tokenSpan(innermost))
    : messages.expectedParenthesis(foundSpan(situation), foundImage(situation));
}

/** A number without a comparison, or a second one behind a first. */
function explainComparison(situation: Situation): Diagnostic | undefined {
  if (!isComputing(situation)) return undefined;
  const { tokens, first, at } = situation;
  const found = foundToken(situation);
  const span = foundSpan(situation);
  const compared = tokens.slice(first, at).some((token) => isKind(token, t.RelationSign));
  if (compared) {
    return isKind(found, t.RelationSign)
      ? messages.relationIsNoValue(span, found!.image)
      : undefined;
  }
  const missing = isIdentifier(found) || isKind(found, t.Length, t.Protocol);
  return messages.expectedComparison(
    span,
    found?.image,
    missing ? `a sign is missing: '=', '!=', '<', '>', '<=' or '>='` : undefined,
  );
}

/** Does the operand begin as a number does, an identifier alone aside? */
function isComputing({ tokens, first }: Situation): boolean {
  let start = first;
  while (isKind(tokens[start], t.Not)) start++;
  const [head, next] = [tokens[start], tokens[start + 1]];
  if (isKind(head, t.NumberToken)) return isKind(next, t.ArithSign, t.RelationSign);
  if (isKind(head, t.Protocol)) return isKind(next, t.OpenBracket);
  return isKind(head, t.Length, t.ArithOpen, t.ArithSign);
}

/** `icmp[type]` for `icmp[icmptype]` */
function headerField({ tokens, at }: Situation, before: IToken, found: IToken): string | undefined {
  const protocol = tokens[at - 2]?.image;
  const name = `${protocol}${found.image.toLowerCase()}`;
  if (!isKind(before, t.OpenBracket) || !Object.hasOwn(namedConstants, name)) return undefined;
  return `did you mean '${protocol}[${name}]'?`;
}
