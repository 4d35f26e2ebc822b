import type { IToken } from 'chevrotain';
import type { Diagnostic } from '../../diagnostic.ts';
import { foreignWord, unknownWord } from '../../messages/diagnostics.ts';
import { between } from '../../messages/encapsulated.ts';
import * as messages from '../../messages/parse.ts';
import { nearest } from '../../nearest.ts';
import * as t from '../tokens.ts';
import { foreignMeaning } from './foreign-words.ts';
import {
  hasPorts,
  isIdentifier,
  isQualifier,
  leadingQualifiers,
  signAfterWord,
  writtenSoFar,
} from './hints.ts';
import {
  adjacent,
  foundImage,
  foundSpan,
  foundToken,
  isKind,
  type Situation,
  spell,
  tokenBefore,
} from './situation.ts';

/** The longest form of an IPv6 address: eight groups, the last two as IPv4's. */
const longestAddress = '0000:0000:0000:0000:0000:0000:255.255.255.255'.length;

/** A whole test was read: something else than `and`, `or` and `)` follows it. */
export function explainRest(situation: Situation): Diagnostic {
  const before = tokenBefore(situation);
  const found = foundToken(situation);
  if (found === undefined || before === undefined) return explainEnd(situation);
  return (
    explainLoneName(situation, before) ??
    explainAddress(situation, before, found) ??
    explainSlash(situation, before, found) ??
    explainStar(situation, before, found) ??
    explainAlternatives(situation, before, found) ??
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
function explainLoneName(situation: Situation, before: IToken): Diagnostic | undefined {
  const { tokens, first, at } = situation;
  const alone = tokens.slice(first, at - 1).every((token) => isKind(token, t.Not));
  if (!isKind(before, t.Name) || !alone) return undefined;
  const meant = foreignMeaning(before.image, tokens.slice(at, at + 4));
  return meant === undefined
    ? unknownWord(t.tokenSpan(before), before.image, undefined)
    : foreignWord(t.tokenSpan(before), before.image, meant);
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
    const port = isIdentifier(tokens[at + 1]) ? tokens[at + 1] : undefined;
    const { protocol, direction } = leadingQualifiers(situation);
    const [over, network] = hasPorts(protocol) ? [protocol, undefined] : [undefined, protocol];
    const host = `${spell([network, direction])} host ${before.image}`.trim();
    const test = `${spell([over, direction])} port ${port?.image ?? 80}`.trim();
    const hint = `address and port are two tests: '${host} and ${test}'`;
    return messages.wrongAddress(span, found.image, hint);
  }
  if (isKind(before, t.Ipv6, t.Mac) && adjacent(before, found) && !isKind(found, t.ArithSign)) {
    // The tokens end where an address could; what was meant as one goes on.
    const { start, end } = t.spanFrom(before, found);
    const more = /^[-.:\w]*/.exec(text.slice(end, end + longestAddress))![0];
    const whole = { start, end: end + more.length };
    return messages.brokenAddress(whole, text.slice(start, whole.end));
  }
  return undefined;
}

/** `net 10/8`, `net example/24` */
function explainSlash(situation: Situation, before: IToken, found: IToken): Diagnostic | undefined {
  if (found.image !== '/') return undefined;
  const { tokens, at, text } = situation;
  const next = tokens[at + 1];
  if (next?.image === '/' && adjacent(found, next)) {
    const end = text.indexOf('\n', found.startOffset);
    const span = { start: found.startOffset, end: end < 0 ? text.length : end };
    return messages.comment(span, '//');
  }
  const { direction, type } = leadingQualifiers(situation);
  const port = type?.image.startsWith('port') ? spell([direction, type, before]) : undefined;
  const meant =
    port !== undefined && hasPorts(next)
      ? `${next!.image} ${port}`
      : hasPorts(before) && isIdentifier(next)
        ? `${before.image} port ${next!.image}`
        : undefined;
  return messages.unexpectedPrefix(foundSpan(situation), before.image, meant && `write '${meant}'`);
}

/** `host 10.0.0.*` */
function explainStar(situation: Situation, before: IToken, found: IToken): Diagnostic | undefined {
  if (found.image !== '*' || !/^(?:[0-9]{1,3}\.){1,3}$/.test(before.image)) return undefined;
  const parts = before.image.split('.').slice(0, -1);
  const address = [...parts, 0, 0, 0].slice(0, 4).join('.');
  const { protocol, direction } = leadingQualifiers(situation);
  const network = `${spell([protocol, direction])} net ${address}/${parts.length * 8}`.trim();
  return messages.wrongAddress(foundSpan(situation), found.image, `write '${network}'`);
}

/** `(tcp or udp) port 53`: no parentheses around protocols stand before a type. */
function explainAlternatives(
  situation: Situation,
  before: IToken,
  found: IToken,
): Diagnostic | undefined {
  const { tokens, first, at } = situation;
  if (!isKind(before, t.Close) || !isKind(found, t.Direction, t.AddressType)) return undefined;
  const inside = tokens.slice(first, at - 1).filter((token) => !isKind(token, t.Not, t.Open));
  const protocols = inside.filter((token) => isKind(token, t.Protocol));
  const fits = inside.every((token) => isKind(token, t.Protocol) || token.payload === 'or');
  let end = at;
  while (isKind(tokens[end], t.Direction, t.AddressType)) end++;
  if (!fits || protocols.length < 2 || !isIdentifier(tokens[end])) return undefined;
  const operand = spell(tokens.slice(at, end + 1));
  const meant = protocols.map(({ image }) => `${image} ${operand}`).join(' or ');
  return messages.expectedOperator(foundSpan(situation), found.image, `write '(${meant})'`);
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

function hintFor(situation: Situation, before: IToken, found: IToken): string | undefined {
  const { tokens, at, linux } = situation;
  if (found.image === '&') return "to join tests write 'and' or '&&'";
  if (found.image === '|') return "to join tests write 'or' or '||'";
  if (isKind(found, t.OpenBracket)) return "'[…]' follows a protocol: 'ip[0] = 0x45'";
  if (isKind(found, t.Mask)) return "both are written with dots: 'net 10.0.0.0 mask 255.0.0.0'";
  const mask = isKind(found, t.Name) ? tokens[at + 1] : found;
  const isMask = isKind(found, t.Ipv4) || /^(?:net)?mask$/i.test(found.image);
  const { protocol, direction, type } = leadingQualifiers(situation);
  if (type?.image === 'net' && isKind(before, t.Ipv4) && isKind(mask, t.Ipv4) && isMask) {
    return `write '${spell([protocol, direction, type, before])} mask ${mask!.image}'`;
  }
  if (isKind(before, t.Encapsulation) && /^[0-9]+-[0-9]+$/.test(found.image)) {
    const [low, high] = found.image.split('-');
    const form = between(before.image, low!, high!, linux);
    return form && `write '${form}'`;
  }
  if (
    isKind(before, t.Encapsulation) &&
    isKind(found, t.Name) &&
    isKind(tokens[at + 1], t.NumberToken)
  ) {
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
    ? `tests are joined by 'and' or 'or': 'and ${wholeOperand(situation)}'`
    : undefined;
}

/** What stands here, with the identifier that its qualifiers are for. */
function wholeOperand({ tokens, at }: Situation): string {
  let end = at;
  while (isQualifier(tokens[end])) end++;
  return spell(tokens.slice(at, isIdentifier(tokens[end]) ? end + 1 : at + 1));
}
