import type { Diagnostic } from '../diagnostic.ts';
import { nearest } from '../nearest.ts';
import type { Span } from '../source.ts';
import { reservedWords, words } from '../tables/words.ts';

/** What the messages of several phases are made with. */

export const error = (code: string, span: Span, message: string, hint?: string): Diagnostic => ({
  code,
  severity: 'error',
  span,
  message,
  ...(hint !== undefined && { hint }),
});

/** Told beside a program: it compiles, and may not mean what was meant. */
export const warning = (code: string, span: Span, message: string, hint?: string): Diagnostic => ({
  ...error(code, span, message, hint),
  severity: 'warning',
});

export const quoted = (found: string | undefined): string =>
  found === undefined ? 'the end of the filter' : `'${found}'`;

const typeWords = [...words.types, ...words.directions];
const allWords = [...reservedWords];

/** Names may hold dashes, so that `len-1` and `10-1` are names. */
export const oneWord = (found: string | undefined): string | undefined =>
  found !== undefined && /.-./.test(found)
    ? `'${found}' is one word: write '${found.replaceAll('-', ' - ')}'`
    : undefined;

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
