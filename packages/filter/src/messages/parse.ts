import type { Diagnostic } from '../diagnostic.ts';
import type { Span } from '../source.ts';
import { error, quoted } from './diagnostics.ts';

/**
 * What phase 1 has to say, one function per kind of mistake; `docs/diagnostics.md` shows each.
 * `found` is what stands where something else was expected, `undefined` at the end of the filter.
 */

// Characters and words.

export const badCharacter = (span: Span, text: string, hint = characterHint(text)): Diagnostic =>
  error('bad-character', span, `${visible(text)} has no meaning in a filter`, hint);

const isInvisible = (text: string): boolean =>
  /^[\s\u200b-\u200f\u2060\ufeff\x7f-\x9f]/.test(text) || text.charCodeAt(0) < 0x20;

/** Characters that have no shape of their own are told by their code points. */
const visible = (text: string): string =>
  isInvisible(text)
    ? `the character U+${text.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
    : quoted(text);

function characterHint(text: string): string | undefined {
  if (isInvisible(text)) return 'blanks are spaces, tabs and line breaks only';
  // What has an upper case is a letter.
  if (text.toLowerCase() !== text.toUpperCase()) {
    return "names are of ASCII letters: write an international one in its 'xn--' form";
  }
  return characterHints[text];
}

const characterHints: Readonly<Record<string, string>> = {
  ',': "several of a kind are joined by 'or': 'port (80 or 443)'",
  _: "a name that begins with '_' is written with a backslash before it: '\\_name'",
  '.': 'a name begins with a letter or digit',
  ';': 'leave it out: a filter is one expression',
  '{': "parentheses are '(' and ')'",
  '}': "parentheses are '(' and ')'",
  '~': "there is no sign for 'all bits but these': write '^ 0xff'",
  '@': "an address and a port are two tests: 'host 10.0.0.1 and port 80'",
};

export const badEscape = (span: Span): Diagnostic =>
  error('bad-escape', span, "a name must follow '\\'", "as in 'ip proto \\tcp'");

/** What has colons as addresses have, and is none. */
export const brokenAddress = (span: Span, text: string): Diagnostic =>
  text.includes('::') || text.split(':').length > 6
    ? error(
        'bad-address',
        span,
        `'${text}' is not an IPv6 address`,
        "it has eight groups of one to four hexadecimal digits, '::' standing for zeros",
      )
    : error(
        'bad-address',
        span,
        `'${text}' is not a hardware address`,
        "it has six parts of one or two hexadecimal digits: '00:1b:21:3c:9d:f8'",
      );

/** The same behind a `[`. */
export const brokenIndex = (span: Span): Diagnostic =>
  error('expected-bracket', span, "expected an offset, ':' and a size", indexHint);

const indexHint = "a value of a header is written 'ip[2:2]': offset, colon, size";

export const badShortAddress = (span: Span, text: string): Diagnostic =>
  error(
    'bad-address',
    span,
    `'${text}' is not a hardware address of one byte`,
    "after '$' come one or two hexadecimal digits: '$0e'",
  );

/** @param sign what it begins with */
export const comment = (span: Span, sign: string): Diagnostic =>
  error('no-comments', span, 'a filter has no comments', `leave out what '${sign}' begins`);

export const quotes = (span: Span, inner: string | undefined): Diagnostic =>
  error(
    'no-quotes',
    span,
    'a filter has no quotation marks',
    inner === undefined ? 'leave them out' : `write ${inner}`,
  );

export const notOctal = (span: Span, text: string): Diagnostic =>
  error(
    'not-octal',
    span,
    `'${text}' begins with 0 and is not octal`,
    `a leading 0 means octal: write '${text.replace(/^0+(?=.)/, '')}', or '0x${text.replace(/^0+(?=.)/, '')}' if hexadecimal is meant`,
  );

export const numberTooLarge = (span: Span, text: string): Diagnostic =>
  error('number-too-large', span, `${text} does not fit in 32 bits`, 'the largest is 4294967295');

// Parentheses and depth.

export const doubleParentheses = (span: Span): Diagnostic =>
  error(
    'double-parentheses',
    span,
    'identifiers stand in one pair of parentheses, not in two',
    'leave out the inner pair',
  );

export const emptyParentheses = (span: Span): Diagnostic =>
  error('empty-parentheses', span, 'nothing stands between these parentheses');

export const tooDeep = (span: Span, limit: number): Diagnostic =>
  error(
    'too-deep',
    span,
    `this nests more than ${limit} levels deep`,
    "parentheses, 'not' and signs are a level each; chains of 'and' and 'or' may be of any length",
  );

export const expectedParenthesis = (span: Span, found: string | undefined): Diagnostic =>
  error('expected-parenthesis', span, `expected ')' after a number, found ${quoted(found)}`);

export const unclosedParenthesis = (span: Span): Diagnostic =>
  error('unclosed-parenthesis', span, 'this parenthesis is never closed', "a ')' is missing");

export const unopenedParenthesis = (span: Span): Diagnostic =>
  error('unopened-parenthesis', span, 'no parenthesis is open here', "leave out the ')'");

// Numbers and comparisons.

export const expectedBracket = (span: Span, found: string | undefined): Diagnostic =>
  error('expected-bracket', span, `expected ']', found ${quoted(found)}`, indexHint);

export const expectedComparison = (
  span: Span,
  found: string | undefined,
  hint = "a number is not yet a test: compare it, as in 'tcp[13] & 2 != 0'",
): Diagnostic =>
  error('expected-comparison', span, `expected a comparison, found ${quoted(found)}`, hint);

export const expectedNumber = (
  span: Span,
  before: string,
  found: string | undefined,
  hint?: string,
): Diagnostic =>
  error(
    'expected-number',
    span,
    `expected a number after '${before}', found ${quoted(found)}`,
    hint,
  );

export const relationIsNoValue = (span: Span, found: string): Diagnostic =>
  error(
    'relation-is-no-value',
    span,
    `'${found}' cannot compare here: what stands before it is no number`,
    "write two comparisons: 'len > 1 and len < 5'",
  );

export const unknownSign = (span: Span, found: string, meant: string): Diagnostic =>
  error('unknown-sign', span, `'${found}' is not a sign`, `write '${meant}'`);

// What must follow a word.

export const expectedIdentifier = (
  span: Span,
  before: string,
  found: string | undefined,
  hint?: string,
): Diagnostic =>
  error('expected-identifier', span, `${needs(before)}, found ${quoted(found)}`, hint);

const needs = (before: string): string => {
  switch (before) {
    case 'port':
    case 'portrange':
    case 'proto':
    case 'protochain':
      return `'${before}' needs a number or a name`;
    case 'gateway':
      return "'gateway' needs a name";
    default:
      return `'${before}' needs an address, a number or a name`;
  }
};

export const expectedIdentifierInside = (
  span: Span,
  before: string,
  found: string | undefined,
): Diagnostic =>
  error(
    'expected-identifier',
    span,
    `in parentheses after '${before}' stand addresses, numbers and names only, found ${quoted(found)}`,
    `write the other test outside of them, with 'and' or 'or'`,
  );

export const expectedName = (
  span: Span,
  before: string,
  found: string | undefined,
  what: string,
  hint?: string,
): Diagnostic =>
  error('expected-name', span, `expected ${what} after '${before}', found ${quoted(found)}`, hint);

export const keywordAsName = (span: Span, found: string, hint: string | undefined): Diagnostic =>
  error(
    'keyword-as-name',
    span,
    `'${found}' is a word of the language and cannot be a name by itself`,
    hint,
  );

export const missingType = (
  span: Span,
  protocol: string,
  found: string,
  types: readonly string[],
): Diagnostic =>
  error(
    'missing-type',
    span,
    `'${protocol} ${found}' does not say what '${found}' is`,
    `write ${types.map((type) => `'${protocol} ${type} ${found}'`).join(' or ')}`,
  );

export const oneNumberOnly = (
  span: Span,
  word: string,
  found: string | undefined,
  hint?: string,
): Diagnostic =>
  error(
    'expected-parenthesis',
    span,
    `'${word}' takes one number: expected ')', found ${quoted(found)}`,
    hint,
  );

export const takesNoDirection = (span: Span, found: string, meant: string): Diagnostic =>
  error('takes-no-direction', span, `no direction stands before '${found}'`, `write '${meant}'`);

export const takesNoNumber = (span: Span, before: string, found: string): Diagnostic =>
  error('takes-no-number', span, `'${before}' takes no number, found ${quoted(found)}`);

export const takesNoSign = (
  span: Span,
  before: string,
  found: string,
  meant: string | undefined,
): Diagnostic =>
  error(
    'takes-no-sign',
    span,
    `no '${found}' stands after '${before}'`,
    meant && `write '${meant}'`,
  );

export const unexpectedPrefix = (
  span: Span,
  before: string,
  hint = "a network with a prefix length is written with its dots: 'net 10.0.0.0/8'",
): Diagnostic => error('unexpected-prefix', span, `no prefix length can follow '${before}'`, hint);

export const wrongOrder = (span: Span, found: string, meant: string): Diagnostic =>
  error(
    'wrong-order',
    span,
    `'${found}' stands in the wrong place: protocol, direction, type is the order`,
    `write '${meant}'`,
  );

export const wrongAddress = (span: Span, found: string, hint: string): Diagnostic =>
  error('bad-address', span, `${quoted(found)} cannot be part of an address`, hint);

// What must stand between tests.

export const expectedOperator = (
  span: Span,
  found: string | undefined,
  hint?: string,
): Diagnostic =>
  error(
    'expected-operator',
    span,
    `expected 'and', 'or' or the end of the filter, found ${quoted(found)}`,
    hint,
  );

/** In the parentheses of `vpi (5 or 6)`. */
export const expectedOr = (span: Span, found: string | undefined): Diagnostic =>
  error(
    'expected-operator',
    span,
    `in these parentheses stand numbers joined by 'or', found ${quoted(found)}`,
  );

export const expectedTest = (
  span: Span,
  before: string | undefined,
  found: string | undefined,
  hint?: string,
): Diagnostic =>
  error(
    'expected-test',
    span,
    before === undefined
      ? `a filter cannot begin with ${quoted(found)}`
      : `a test must follow '${before}', found ${quoted(found)}`,
    hint,
  );
