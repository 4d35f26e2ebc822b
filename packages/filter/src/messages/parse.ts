import type { Diagnostic } from '../diagnostic.ts';
import type { Span } from '../source.ts';
import { error, oneWord, quoted } from './diagnostics.ts';

/** What phase 1 has to say, one function per diagnostic code; `docs/diagnostics.md` shows each. */

export const badCharacter = (span: Span, text: string): Diagnostic =>
  error('bad-character', span, `${quoted(text)} has no meaning in a filter`);

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

export const notOctal = (span: Span, text: string): Diagnostic =>
  error('not-octal', span, `'${text}' begins with 0 and is not octal`, 'a leading 0 means octal');

export const numberTooLarge = (span: Span, text: string): Diagnostic =>
  error('number-too-large', span, `${text} does not fit in 32 bits`);

export const relationIsNoValue = (span: Span, found: string): Diagnostic =>
  error(
    'relation-is-no-value',
    span,
    `'${found}' cannot compare here: what stands before it is no number`,
    "write two comparisons: 'len > 1 and len < 5'",
  );

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

export const unopenedParenthesis = (span: Span): Diagnostic =>
  error('unopened-parenthesis', span, 'no parenthesis is open here');

export const unsupportedWord = (span: Span, word: string): Diagnostic =>
  error('unsupported-word', span, `'${word}' is not supported yet`);
