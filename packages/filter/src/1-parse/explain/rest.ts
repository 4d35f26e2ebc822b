import type { IToken } from 'chevrotain';
import type { Diagnostic } from '../../diagnostic.ts';
import { unknownWord } from '../../messages/diagnostics.ts';
import * as messages from '../../messages/parse.ts';
import { nearest } from '../../nearest.ts';
import * as t from '../tokens.ts';
import { foreignMeaning } from './foreign-words.ts';
import { isIdentifier, signAfterWord, writtenSoFar } from './hints.ts';
import {
  adjacent,
  foundImage,
  foundSpan,
  foundToken,
  isKind,
  type Situation,
  tokenBefore,
} from './situation.ts';

/** A whole test was read: something else than `and`, `or` and `)` follows it. */
export function explainRest(situation: Situation): Diagnostic {
  const before = tokenBefore(situation);
  const found = foundToken(situation);
  if (found === undefined || before === undefined) return explainEnd(situation);
  return (
    explainLoneName(situation, before, found) ??
    explainAddress(situation, before, found) ??
    explainSlash(situation, before, found) ??
    explainRange(situation, before, found) ??
    (isKind(found, t.RelationSign)
      ? signAfterWord(situation, writtenSoFar(situation))
      : undefined) ??
    messages.expectedOperator(foundSpan(situation), found.image, hintFor(situation, before, found))
  );
}

/** At the end only a `)` can be missing. */
function explainEnd(situation: Situation): Diagnostic {
  const open: IToken[] = [];
  for (const token of situation.tokens) {
    if (isKind(token, t.Open, t.ArithOpen)) open.push(token);
    else if (isKind(token, t.Close)) open.pop();
  }
  const innermost = open.at(-1);
  return innermost === undefined
    ? messages.expectedOperator(foundSpan(situation), foundImage(situation))
    : messages.unclosedParenthesis(t.tokenSpan(innermost));
}

/** A word that is not of the language, with what was meant to be its operand: `TCP port 80`. */
function explainLoneName(
  situation: Situation,
  before: IToken,
  found: IToken,
): Diagnostic | undefined {
  const { tokens, first, at } = situation;
  const alone = tokens.slice(first, at - 1).every((token) => isKind(token, t.Not));
  if (!isKind(before, t.Name) || !alone) return undefined;
  const meant = foreignMeaning(before.image, found, tokens[at + 1]);
  return meant === undefined
    ? unknownWord(t.tokenSpan(before), before.image, undefined)
    : messages.foreignWord(t.tokenSpan(before), before.image, meant);
}

/** `fe80::1%eth0`, `10.0.0.1:80`, `::12345` */
function explainAddress(
  situation: Situation,
  before: IToken,
  found: IToken,
): Diagnostic | undefined {
  const { tokens, at, text } = situation;
  const span = foundSpan(situation);
  if (isKind(before, t.Ipv6) && found.image === '%') {
    const hint = `an address has no zone here: write '${before.image}'`;
    return messages.wrongAddress(span, found.image, hint);
  }
  if (isKind(before, t.Ipv4, t.Name) && isKind(found, t.Colon)) {
    const port = isIdentifier(tokens[at + 1]) ? tokens[at + 1]!.image : '80';
    const hint = `address and port are two tests: 'host ${before.image} and port ${port}'`;
    return messages.wrongAddress(span, found.image, hint);
  }
  if (isKind(before, t.Ipv6, t.Mac) && adjacent(before, found) && !isKind(found, t.ArithSign)) {
    const whole = t.spanFrom(before, found);
    return messages.brokenAddress(whole, text.slice(whole.start, whole.end));
  }
  return undefined;
}

/** `net 10/8`, `net example/24` */
function explainSlash(situation: Situation, before: IToken, found: IToken): Diagnostic | undefined {
  return found.image === '/'
    ? messages.unexpectedPrefix(foundSpan(situation), before.image)
    : undefined;
}

/** `portrange 80 - 90`, `port 80:90` */
function explainRange(situation: Situation, before: IToken, found: IToken): Diagnostic | undefined {
  const { tokens, at } = situation;
  const type = tokens[at - 2];
  const end = tokens[at + 1];
  const ports = isKind(type, t.AddressType) && ['port', 'portrange'].includes(type!.image);
  if (!ports || !['-', ':'].includes(found.image) || !isIdentifier(end)) return undefined;
  const range = `portrange ${before.image}-${end!.image}`;
  return messages.expectedOperator(
    foundSpan(situation),
    found.image,
    `a range is one word: '${range}'`,
  );
}

function hintFor({ tokens, at }: Situation, before: IToken, found: IToken): string | undefined {
  if (found.image === '&') return "to join tests write 'and' or '&&'";
  if (found.image === '|') return "to join tests write 'or' or '||'";
  if (isKind(found, t.OpenBracket)) return "'[…]' follows a protocol: 'ip[0] = 0x45'";
  if (isKind(found, t.Mask)) return "both are written with dots: 'net 10.0.0.0 mask 255.0.0.0'";
  if (isKind(before, t.Encapsulation) && isKind(tokens[at + 1], t.NumberToken)) {
    return `write '${before.image} ${tokens[at + 1]!.image}'`;
  }
  if (isKind(found, t.Name)) {
    const meant = nearest(found.image, ['and', 'or']);
    if (meant !== undefined) return `did you mean '${meant}'?`;
  }
  if (isIdentifier(found) && isIdentifier(before)) {
    return `several of a kind are joined by 'or': '${before.image} or ${found.image}'`;
  }
  return t.keywords.has(found.image) || isIdentifier(found) || isKind(found, t.Open, t.ArithOpen)
    ? `tests are joined by 'and' or 'or': 'and ${found.image}'`
    : undefined;
}
