import type { IToken, TokenType } from 'chevrotain';
import type { Diagnostic } from '../diagnostic.ts';
import * as messages from '../messages/parse.ts';
import type { Span } from '../source.ts';
import { isPlainName, spellingOf, wordEnd } from '../tables/spelling.ts';
import { maxDiagnostics } from './limits.ts';
import { listHint } from './list-hint.ts';
import { readNumber } from './read-number.ts';
import { type AddressEnd, isHexDigit, scanColonAddress, scanIpv6 } from './scan-address.ts';
import * as t from './tokens.ts';

export interface Lexed {
  readonly tokens: readonly IToken[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Text to tokens, as libpcap's scanner.l cuts them: of all that match at a place, the longest wins.
 * What has no meaning becomes a `Bad` token beside its diagnostic, so that the rest is read too.
 */
export function lex(text: string): Lexed {
  const tokens: IToken[] = [];
  const diagnostics: Diagnostic[] = [];
  for (let at = skipBlanks(text, 0); at < text.length; at = skipBlanks(text, at)) {
    const token = nextToken(text, at, diagnostics);
    tokens.push(token);
    at = token.endOffset! + 1;
  }
  return { tokens, diagnostics };
}

/** No other blanks than these four are blanks of the language. */
function skipBlanks(text: string, start: number): number {
  let at = start;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
    at++;
  }
}

function nextToken(text: string, start: number, diagnostics: Diagnostic[]): IToken {
  const code = text.charCodeAt(start);
  if (isAlphanumeric(code)) return scanWord(text, start, diagnostics);
  if (code === 0x3a) {
    const end = scanIpv6(text, start);
    if (end > 0) return t.makeToken(t.Ipv6, text.slice(start, end), start, undefined);
  }
  const sign = signs.get(text.slice(start, start + 2)) ?? signs.get(text[start]!);
  if (sign !== undefined) return t.makeToken(sign.type, sign.image, start, sign.means);
  if (code === 0x5c) return scanEscaped(text, start, diagnostics);
  if (code === 0x24) return scanMac8(text, start, diagnostics);
  return scanBad(text, start, diagnostics);
}

const isAlphanumeric = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a);

function scanWord(text: string, start: number, diagnostics: Diagnostic[]): IToken {
  const end = wordEnd(text, start);
  if (end - start <= 4 && text.charCodeAt(end) === 0x3a && isHexDigit(text.charCodeAt(start))) {
    const address = scanColonAddress(text, start);
    if (address !== undefined) return colonAddress(text, start, address, diagnostics);
  }
  const word = text.slice(start, end);
  const keyword = t.keywords.get(word);
  if (keyword !== undefined) return t.makeToken(keyword.type, word, start, keyword.word);
  switch (spellingOf(word)) {
    case 'number':
    case 'constant': {
      const value = readNumber(word, { start, end }, diagnostics);
      return t.makeToken(t.NumberToken, word, start, value);
    }
    case 'ipv4':
      return t.makeToken(t.Ipv4, word, start, undefined);
    case 'mac':
      return t.makeToken(t.Mac, word, start, 'mac');
    default:
      return t.makeToken(t.Name, word, start, word);
  }
}

function colonAddress(
  text: string,
  start: number,
  { kind, end }: AddressEnd,
  diagnostics: Diagnostic[],
): IToken {
  if (kind === 'ipv6') return t.makeToken(t.Ipv6, text.slice(start, end), start, undefined);
  if (kind === 'mac') return t.makeToken(t.Mac, text.slice(start, end), start, 'mac');
  // All that was meant as an address, while the scanner stops at its last colon.
  const whole = runEnd(/[-.:0-9A-Za-z]*/y, text, end);
  const tell = text[start - 1] === '[' ? messages.brokenIndex : messages.brokenAddress;
  return bad(text, start, whole, diagnostics, tell);
}

/** `\name`: a name whatever it looks like, up to a blank or a parenthesis. */
function scanEscaped(text: string, start: number, diagnostics: Diagnostic[]): IToken {
  const end = runEnd(/[^ !()\n\t]*/y, text, start + 1);
  const image = text.slice(start, end);
  return image.length > 1
    ? t.makeToken(t.Name, image, start, image.slice(1))
    : bad(text, start, end, diagnostics, messages.badEscape);
}

/** `$0e`: a hardware address of one byte. */
function scanMac8(text: string, start: number, diagnostics: Diagnostic[]): IToken {
  const end = runEnd(/[0-9A-Za-z_]*/y, text, start + 1);
  const image = text.slice(start, end);
  return /^\$[0-9a-fA-F]{1,2}$/.test(image)
    ? t.makeToken(t.Mac, image, start, 'mac8')
    : bad(text, start, end, diagnostics, messages.badShortAddress);
}

/** What cannot begin a word, in one piece as far as it is one mistake. */
function scanBad(text: string, start: number, diagnostics: Diagnostic[]): IToken {
  const first = text[start]!;
  if (first === '#') {
    return bad(text, start, runEnd(/[^\n]*/y, text, start), diagnostics, (span) =>
      messages.comment(span, '#'),
    );
  }
  if (first === ',') {
    const hint = listHint(text, start);
    return bad(text, start, start + 1, diagnostics, (span, image) =>
      messages.badCharacter(span, image, hint),
    );
  }
  const quote = quotes[first];
  if (quote !== undefined) {
    const close = text.slice(start + 1, start + longestQuoted).indexOf(quote);
    const end = start + 1 + (close < 0 ? 0 : close + 1);
    return bad(text, start, end, diagnostics, (span, image) => {
      const inner = image.slice(1, -1);
      return messages.quotes(span, isWord(inner) ? inner : undefined);
    });
  }
  return bad(text, start, runEnd(badRun, text, start), diagnostics, (span, image) =>
    messages.badCharacter(span, image),
  );
}

const isWord = (text: string): boolean => isPlainName(text) || spellingOf(text) !== 'name';

/** Each quotation mark, and the one that ends what it begins. */
const quotes: Readonly<Record<string, string>> = {
  ...{ '"': '"', "'": "'", '`': '`' },
  ...{ '“': '”', '‘': '’' },
};

/** Further than this no closing quotation mark is looked for: it keeps the time linear. */
const longestQuoted = 100;

/** Blanks that are none of the language; characters beyond ASCII with what joins them; any other. */
const badRun =
  /[\s\u200b-\u200f\u2060\ufeff]+|[^\0-\x7f\s][-._0-9A-Za-z\u00a1-\u1fff\u2c00-\uffff]*|./y;

function bad(
  text: string,
  start: number,
  end: number,
  diagnostics: Diagnostic[],
  tell: (span: Span, image: string) => Diagnostic,
): IToken {
  const image = text.slice(start, end);
  if (diagnostics.length < maxDiagnostics) diagnostics.push(tell({ start, end }, image));
  return t.makeToken(t.Bad, image, start, undefined);
}

function runEnd(run: RegExp, text: string, start: number): number {
  run.lastIndex = start;
  return run.test(text) ? run.lastIndex : start;
}

interface Sign {
  readonly image: string;
  readonly type: TokenType;
  readonly means: string;
}

const signs: ReadonlyMap<string, Sign> = new Map(
  (
    [
      ['&&', t.AndOr, 'and'],
      ['||', t.AndOr, 'or'],
      ['!', t.Not, 'not'],
      ['==', t.RelationSign, '='],
      ...['=', '!=', '>=', '<=', '>', '<'].map((sign) => [sign, t.RelationSign, sign] as const),
      ...[...['<<', '>>'], ...'+-*/%&|^'].map((sign) => [sign, t.ArithSign, sign] as const),
      ['(', t.Open, '('],
      [')', t.Close, ')'],
      ['[', t.OpenBracket, '['],
      [']', t.CloseBracket, ']'],
      [':', t.Colon, ':'],
    ] as const
  ).map(([image, type, means]) => [image, { image, type, means }]),
);
