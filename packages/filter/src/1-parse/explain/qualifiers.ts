import type { IToken } from 'chevrotain';
import type { Diagnostic } from '../../diagnostic.ts';
import { unknownWord } from '../../messages/diagnostics.ts';
import * as messages from '../../messages/parse.ts';
import { wordHint } from '../../messages/word-hint.ts';
import { nearest } from '../../nearest.ts';
import { ipProtocolNumbers } from '../../tables/ip-protocols.ts';
import { isoProtocols, linkProtocolNames } from '../../tables/protocols.ts';
import * as t from '../tokens.ts';
import {
  bracketedAddress,
  hasPorts,
  isIdentifier,
  isKeyword,
  isQualifier,
  signAfterWord,
  writtenSoFar,
} from './hints.ts';
import {
  foundImage,
  foundSpan,
  foundToken,
  isKind,
  type Situation,
  spell,
  tokenBefore,
} from './situation.ts';

/** A protocol, a direction or a type was read last, or identifiers in parentheses behind one. */
export function explainQualifiers(situation: Situation): Diagnostic | undefined {
  const before = tokenBefore(situation);
  if (!isQualifier(before)) return explainIdParentheses(situation);
  return (
    explainOrder(situation) ??
    (isKind(before, t.Protocol)
      ? explainAfterProtocol(situation, before!)
      : explainMissingIdentifier(situation, before!))
  );
}

/** `dst tcp port 80`, `port dst 80`, `src dst port 80`, `tcp udp port 53`. */
function explainOrder(situation: Situation): Diagnostic | undefined {
  const { tokens, first, at } = situation;
  const found = foundToken(situation);
  if (!isQualifier(found)) return undefined;
  let start = first;
  while (isKind(tokens[start], t.Not)) start++;
  let end = at;
  while (isQualifier(tokens[end])) end++;
  const qualifiers = tokens.slice(start, end);
  const id = tokens[end];
  if (!isIdentifier(id) && !isKind(id, t.Open)) return undefined;
  const shown = isIdentifier(id) ? id : undefined;
  const protocols = qualifiers.filter((token) => isKind(token, t.Protocol));
  const directions = qualifiers.filter((token) => isKind(token, t.Direction));
  const types = qualifiers.filter((token) => isKind(token, t.AddressType, t.PlainType));
  const span = foundSpan(situation);
  if (isKind(found, t.PlainType) && directions.length > 0 && types.length === 1) {
    return messages.takesNoDirection(span, found!.image, spell([...protocols, found, shown]));
  }
  if (directions.length === 2 && isKind(tokens[at - 1], t.Direction) && types.length < 2) {
    const both = directions.map(({ image }) => image).join(' or ');
    const meant = [spell(protocols), both, spell([...types, shown])].filter(Boolean).join(' ');
    return messages.wrongOrder(span, found!.image, meant);
  }
  if (protocols.length === 2 && directions.length < 2 && types.length === 1) {
    const rest = spell([...directions, ...types, shown]);
    const meant = protocols.map(({ image }) => `${image} ${rest}`).join(' or ');
    return messages.expectedOperator(span, found!.image, `write '${meant}'`);
  }
  if (protocols.length > 1 || directions.length > 1 || types.length > 1) return undefined;
  return messages.wrongOrder(
    span,
    found!.image,
    spell([...protocols, ...directions, ...types, shown]),
  );
}

function explainAfterProtocol(situation: Situation, protocol: IToken): Diagnostic | undefined {
  const found = foundToken(situation);
  const span = foundSpan(situation);
  const written = writtenSoFar(situation);
  if (written !== protocol.image) return undefined;
  if (isKind(found, t.RelationSign)) {
    const type = isKind(situation.tokens[situation.at + 1], t.NumberToken) ? 'port' : 'host';
    return signAfterWord(situation, `${written} ${hasPorts(protocol) ? 'port' : type}`);
  }
  if (isKind(found, t.Name) && nearest(found!.image, ['and', 'or']) === undefined) {
    const image = found!.image;
    return wordHint(image, protocol.image) !== undefined
      ? unknownWord(span, image, protocol.image)
      : messages.missingType(span, protocol.image, image, typesFor(protocol, found!));
  }
  if (!isIdentifier(found) || isKind(found, t.Name)) return undefined;
  return messages.missingType(span, protocol.image, found!.image, typesFor(protocol, found!));
}

/** What an identifier behind a protocol may have been meant to be. */
function typesFor({ image: protocol }: IToken, id: IToken): readonly string[] {
  if (['tcp', 'udp', 'sctp'].includes(protocol)) return ['port'];
  if (isKind(id, t.Mac)) return ['host'];
  return isKind(id, t.NumberToken) ? ['proto'] : ['host', 'net'];
}

function explainMissingIdentifier(situation: Situation, before: IToken): Diagnostic {
  const { tokens, at } = situation;
  const found = foundToken(situation);
  const span = foundSpan(situation);
  const written = writtenSoFar(situation);
  if (isKeyword(found) && !isKind(found, t.Direction)) {
    return messages.keywordAsName(span, found!.image, keywordHint(before, written, found!));
  }
  const joined = isKind(before, t.Direction) && isKind(found, t.AndOr) && tokens[at + 1];
  const hint = joined && isKind(joined, t.AddressType) ? bothDirections(tokens, at) : undefined;
  return (
    signAfterWord(situation, written) ??
    bracketedAddress(situation) ??
    messages.expectedIdentifier(
      span,
      before.image,
      foundImage(situation),
      hint ?? examples[before.image],
    )
  );
}

/** With a backslash it is a name; where no such name is known, the word itself may be meant. */
function keywordHint(before: IToken, written: string, found: IToken): string | undefined {
  const isProtocol = isKind(before, t.PlainType) && before.image !== 'gateway';
  if (isProtocol && !isProtocolName(found.image)) {
    return isKind(found, t.Protocol, t.Encapsulation, t.Test)
      ? `as a test by itself it is written '${found.image}'`
      : undefined;
  }
  return `put a backslash before it: '${written} \\${found.image}'`;
}

const isProtocolName = (name: string): boolean =>
  ipProtocolNumbers.has(name) ||
  [linkProtocolNames, isoProtocols].some((names) => Object.hasOwn(names, name));

/** `src or port 80` lacks its second half. */
function bothDirections(tokens: readonly IToken[], at: number): string {
  const id = isIdentifier(tokens[at + 2]) ? tokens[at + 2] : undefined;
  return `write 'src ${tokens[at]!.image} dst ${spell([tokens[at + 1], id])}'`;
}

const examples: Readonly<Record<string, string>> = {
  host: "as in 'host 10.0.0.1'",
  net: "as in 'net 10.0.0.0/8'",
  port: "as in 'port 80'",
  portrange: "as in 'portrange 8000-8080'",
  proto: "as in 'ip proto 6' or 'ip proto \\tcp'",
  protochain: "as in 'ip6 protochain 6'",
  gateway: "as in 'gateway router.example'",
  src: "as in 'src host 10.0.0.1' or 'src port 80'",
  dst: "as in 'dst host 10.0.0.1' or 'dst port 80'",
};

/** `port (80 or tcp)`: only identifiers stand in these parentheses. */
function explainIdParentheses(situation: Situation): Diagnostic | undefined {
  const { tokens, first, at } = situation;
  const open: number[] = [];
  for (let index = first; index < at; index++) {
    if (isKind(tokens[index], t.Open)) open.push(index);
    else if (isKind(tokens[index], t.Close)) open.pop();
  }
  const outer = open[0];
  const head = outer === undefined ? undefined : tokens[outer - 1];
  const inner = open.at(-1);
  if (!isQualifier(head) || inner === undefined) return undefined;
  const found = foundToken(situation);
  const before = tokens[at - 1];
  if (isKind(before, t.Open) && isKind(found, t.Close)) {
    return messages.emptyParentheses({
      start: before!.startOffset,
      end: t.tokenSpan(found!).end,
    });
  }
  if (found === undefined) return messages.unclosedParenthesis(t.tokenSpan(tokens[inner]!));
  if (isKind(before, t.Open, t.AndOr, t.Not)) {
    return messages.expectedIdentifierInside(foundSpan(situation), head!.image, found.image);
  }
  return isIdentifier(found)
    ? messages.expectedOperator(
        foundSpan(situation),
        found.image,
        `several are joined by 'or': '${before!.image} or ${found.image}'`,
      )
    : undefined;
}
