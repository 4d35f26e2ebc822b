import type { IToken } from 'chevrotain';
import type { Diagnostic } from '../../diagnostic.ts';
import { anyOf } from '../../messages/encapsulated.ts';
import * as messages from '../../messages/parse.ts';
import * as t from '../tokens.ts';
import { isKeyword, signAfterWord, writtenSoFar } from './hints.ts';
import { numberHint } from './number-hint.ts';
import {
  foundImage,
  foundSpan,
  foundToken,
  isKind,
  type Situation,
  tokenBefore,
} from './situation.ts';

/** A word was read last that has an operand of its own, or has none. */
export function explainOperand(situation: Situation): Diagnostic | undefined {
  const before = tokenBefore(situation);
  if (before === undefined) return undefined;
  return (
    signAfter(situation, before) ??
    needsNumber(situation, before) ??
    needsName(situation, before) ??
    explainList(situation, before)
  );
}

/** `vlan = 5`, `type == mgt` */
function signAfter(situation: Situation, before: IToken): Diagnostic | undefined {
  const words = [t.NumberWord, t.NameWord, t.EitherWord, t.Encapsulation, t.Llc];
  const wlan = [t.WlanType, t.WlanSubtype, t.WlanDirection];
  return isKind(before, ...words, ...wlan)
    ? signAfterWord(situation, writtenSoFar(situation))
    : undefined;
}

function needsNumber(situation: Situation, before: IToken): Diagnostic | undefined {
  const { tokens, at } = situation;
  const found = foundToken(situation);
  const span = foundSpan(situation);
  if (isKind(before, t.NumberWord, t.Byte)) {
    const hint =
      isKind(found, t.Open) && isKind(tokens[at + 1], t.NumberToken)
        ? `write '${before.image} ${tokens[at + 1]!.image}', without parentheses`
        : isThan(found) && isKind(tokens[at + 1], t.NumberToken)
          ? `write '${before.image} ${tokens[at + 1]!.image}'`
          : found && numberHint(found, tokens[at + 1]);
    return messages.expectedNumber(span, before.image, found?.image, hint);
  }
  if (isKind(before, t.Field)) {
    const hint = found && numberHint(found, tokens[at + 1]);
    return messages.expectedNumber(span, before.image, found?.image, hint);
  }
  if (isKind(before, t.Test) && isKind(found, t.NumberToken)) {
    return messages.takesNoNumber(span, before.image, found!.image);
  }
  if (isKind(before, t.NumberToken) && isKind(tokens[at - 2], t.Byte)) {
    return messages.expectedComparison(
      span,
      found?.image,
      "as in 'byte 0 = 1', '>', '<', '&', '|'",
    );
  }
  return undefined;
}

function needsName(situation: Situation, before: IToken): Diagnostic | undefined {
  const { tokens, first, at } = situation;
  const found = foundToken(situation);
  const span = foundSpan(situation);
  const what = wantedAfter(before, tokens.slice(first, at));
  if (what === undefined) return undefined;
  if (isKeyword(found) && what !== mask) {
    const written = `${writtenSoFar(situation)} \\${found!.image}`;
    return messages.keywordAsName(span, found!.image, `put a backslash before it: '${written}'`);
  }
  const hint =
    isKind(before, t.WlanSubtype) && isKind(found, t.NumberToken)
      ? `with a number say the type too: 'type mgt subtype ${found!.image}'`
      : nameExamples[before.payload as string];
  return messages.expectedName(span, before.image, foundImage(situation), what, hint);
}

const mask = 'a mask in dotted form';

function wantedAfter(before: IToken, read: readonly IToken[]): string | undefined {
  if (isKind(before, t.NameWord)) return 'a name';
  if (isKind(before, t.EitherWord, t.WlanType, t.WlanDirection)) return 'a name or a number';
  if (isKind(before, t.WlanSubtype)) {
    return read.some((token) => isKind(token, t.WlanType)) ? 'a name or a number' : 'a name';
  }
  return isKind(before, t.Mask) ? mask : undefined;
}

const nameExamples: Readonly<Record<string, string>> = {
  ifname: "as in 'ifname em0'",
  rset: "as in 'rset main'",
  action: "as in 'action pass'",
  reason: "as in 'reason match'",
  type: "as in 'type mgt', 'type ctl' or 'type data'",
  subtype: "as in 'subtype beacon'",
  dir: "as in 'dir tods'",
  mask: "as in 'net 10.0.0.0 mask 255.0.0.0'",
};

/** `vlan (5 or 6)`, `vpi (5 and 6)`: parentheses around numbers. */
function explainList(situation: Situation, before: IToken): Diagnostic | undefined {
  const { tokens, first, at } = situation;
  const words = tokens.slice(first, at).filter((token) => !isKind(token, t.Not));
  const [word] = words;
  if (!isKind(word, t.Field, t.Encapsulation) || !isKind(words[1], t.Open)) return undefined;
  const found = foundToken(situation);
  const span = foundSpan(situation);
  if (found === undefined && isKind(before, t.NumberToken)) {
    return messages.unclosedParenthesis(t.tokenSpan(words[1]!));
  }
  if (isKind(before, t.Open, t.AndOr)) {
    return messages.expectedNumber(span, before.image, found?.image);
  }
  if (!isKind(before, t.NumberToken)) return undefined;
  return isKind(word, t.Field)
    ? messages.expectedOr(span, found?.image)
    : messages.oneNumberOnly(span, word!.image, found?.image, numbersHint(word!, situation));
}

/** Numbers of an encapsulation joined by `or`, up to the parenthesis that ends them. */
function numbersHint(word: IToken, { tokens, at, linux }: Situation): string | undefined {
  let start = at;
  while (!isKind(tokens[start], t.Open)) start--;
  let end = start + 1;
  while (isKind(tokens[end], t.NumberToken) && tokens[end + 1]?.payload === 'or') end += 2;
  if (!isKind(tokens[end], t.NumberToken) || !isKind(tokens[end + 1], t.Close)) return undefined;
  const numbers = tokens.slice(start + 1, end + 1).filter((token) => isKind(token, t.NumberToken));
  const form = anyOf(
    word.image,
    numbers.map(({ image }) => image),
    linux,
  );
  return form && `write '${form}'`;
}

/** `less than 100` */
const isThan = (token: IToken | undefined): boolean =>
  isKind(token, t.Name) && ['than', 'then'].includes(token!.image.toLowerCase());
