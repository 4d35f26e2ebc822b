import type { Diagnostic } from './diagnostic.ts';
import { nearest } from './nearest.ts';
import type { Span } from './source.ts';
import { etherTypes, transportProtocols } from './tables/protocols.ts';
import { words } from './tables/words.ts';

/** One function per diagnostic code, in the order of the codes; `docs/diagnostics.md` shows each. */

const error = (code: string, span: Span, message: string, hint?: string): Diagnostic => ({
  code,
  severity: 'error',
  span,
  message,
  ...(hint !== undefined && { hint }),
});

const quoted = (found: string | undefined): string =>
  found === undefined ? 'the end of the filter' : `'${found}'`;

const typeWords = [...words.types, ...words.directions];
const allWords = [
  ...typeWords,
  ...Object.keys(etherTypes),
  ...Object.keys(transportProtocols),
  ...words.lengths,
  ...words.lengthTests,
  'and',
  'or',
  'not',
];

export const badCharacter = (span: Span, text: string): Diagnostic =>
  error('bad-character', span, `${quoted(text)} has no meaning in a filter`);

export const bareIdentifier = (span: Span, text: string): Diagnostic =>
  error(
    'bare-identifier',
    span,
    `'${text}' stands alone: a word must say what it is`,
    `write 'host ${text}', 'net ${text}' or 'port ${text}'`,
  );

export const badAddress = (span: Span, text: string, why: string): Diagnostic =>
  error('bad-address', span, `'${text}' is not an address: ${why}`);

export const badSize = (span: Span): Diagnostic =>
  error('bad-size', span, 'a load takes 1, 2 or 4 bytes');

export const divisionByZero = (span: Span): Diagnostic =>
  error('division-by-zero', span, 'division by zero');

export const emptyParentheses = (span: Span): Diagnostic =>
  error('empty-parentheses', span, 'nothing stands between these parentheses');

export const expectedBracket = (span: Span, found: string | undefined): Diagnostic =>
  error('expected-bracket', span, `expected ']', found ${quoted(found)}`);

export const expectedComparison = (span: Span, found: string | undefined): Diagnostic =>
  error(
    'expected-comparison',
    span,
    `expected a comparison, found ${quoted(found)}`,
    "a number is not yet a test: compare it, as in 'tcp[13] & 2 != 0'",
  );

export const expectedIdentifier = (
  span: Span,
  before: string,
  found: string | undefined,
): Diagnostic =>
  error(
    'expected-identifier',
    span,
    `'${before}' needs an address, a number or a name, found ${quoted(found)}`,
  );

export const expectedNumber = (span: Span, before: string, found: string | undefined): Diagnostic =>
  error(
    'expected-number',
    span,
    `expected a number after '${before}', found ${quoted(found)}`,
    oneWord(found),
  );

/** Names may hold dashes, so that `len-1` and `10-1` are names. */
const oneWord = (found: string | undefined): string | undefined =>
  found !== undefined && /.-./.test(found)
    ? `'${found}' is one word: write '${found.replaceAll('-', ' - ')}'`
    : undefined;

export const expectedOperator = (span: Span, found: string | undefined): Diagnostic =>
  error(
    'expected-operator',
    span,
    `expected 'and', 'or' or the end of the filter, found ${quoted(found)}`,
  );

export const expectedTest = (
  span: Span,
  before: string | undefined,
  found: string | undefined,
): Diagnostic =>
  error(
    'expected-test',
    span,
    before === undefined
      ? `a filter cannot begin with ${quoted(found)}`
      : `a test must follow '${before}', found ${quoted(found)}`,
  );

export const hostBitsSet = (span: Span, text: string, suggestion: string): Diagnostic =>
  error(
    'host-bits-set',
    span,
    `'${text}' has bits set beyond its prefix`,
    `the network is ${suggestion}`,
  );

export const hostTakesNoPrefix = (span: Span): Diagnostic =>
  error('host-takes-no-prefix', span, "'host' takes one address", "for a prefix write 'net'");

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

export const notAnIndex = (span: Span, protocol: string): Diagnostic =>
  error('not-an-index', span, `'${protocol}' has no header that '[…]' could count from`);

export const notOctal = (span: Span, text: string): Diagnostic =>
  error('not-octal', span, `'${text}' begins with 0 and is not octal`, 'a leading 0 means octal');

export const notSupported = (span: Span, what: string): Diagnostic =>
  error('not-supported', span, `${what} is not supported yet`);

export const numberTooLarge = (span: Span, text: string): Diagnostic =>
  error('number-too-large', span, `${text} does not fit in 32 bits`);

export const outOfRange = (span: Span, what: string, low: number, high: number): Diagnostic =>
  error('out-of-range', span, `${what} is a number from ${low} to ${high}`);

export const qualifierMismatch = (
  span: Span,
  what: string,
  why: string,
  hint?: string,
): Diagnostic => error('qualifier-mismatch', span, `${what}: ${why}`, hint);

export const rejectsAll = (span: Span, linkType: string): Diagnostic => ({
  code: 'rejects-all',
  severity: 'warning',
  span,
  message: `no packet of link type ${linkType} can match`,
});

export const relationIsNoValue = (span: Span, found: string): Diagnostic =>
  error(
    'relation-is-no-value',
    span,
    `'${found}' cannot compare here: what stands before it is no number`,
    "write two comparisons: 'len > 1 and len < 5'",
  );

export const shiftTooFar = (span: Span): Diagnostic =>
  error('shift-too-far', span, 'a shift by more than 31 bits');

export const tooDeep = (span: Span): Diagnostic => error('too-deep', span, 'this nests too deeply');

export const unclosedParenthesis = (span: Span): Diagnostic =>
  error('unclosed-parenthesis', span, 'this parenthesis is never closed', "a ')' is missing");

export const unexpectedPrefix = (span: Span, before: string): Diagnostic =>
  error(
    'unexpected-prefix',
    span,
    `no prefix length can follow '${before}'`,
    "a network with a prefix length is written with its dots: 'net 10.0.0.0/8'",
  );

export const unknownLinkType = (name: string, known: readonly string[]): Diagnostic =>
  error(
    'unknown-link-type',
    { start: 0, end: 0 },
    `no filter can be compiled for link type '${name}'`,
    `known are ${known.join(', ')}`,
  );

export const unknownName = (span: Span, kind: string, text: string): Diagnostic =>
  error('unknown-name', span, `'${text}' is not a known ${kind}`);

export const unknownWord = (span: Span, text: string, after: string | undefined): Diagnostic => {
  const suggestion = nearest(text, after === undefined ? allWords : typeWords);
  const place = after === undefined ? '' : ` after '${after}'`;
  const hint =
    suggestion !== undefined
      ? `did you mean '${suggestion}'?`
      : (oneWord(text) ??
        `if it is a name, say of what: 'host ${text}', 'net ${text}' or 'port ${text}'`);
  return error('unknown-word', span, `unknown word '${text}'${place}`, hint);
};

export const unopenedParenthesis = (span: Span): Diagnostic =>
  error('unopened-parenthesis', span, 'no parenthesis is open here');

export const unsupportedWord = (span: Span, word: string): Diagnostic =>
  error('unsupported-word', span, `'${word}' is not supported yet`);
