import type { Diagnostic } from '../diagnostic.ts';
import type { Span } from '../source.ts';
import { isDisplayField } from '../tables/display-filters.ts';
import { wordHint } from './word-hint.ts';

/** What the messages of several phases are made with. */

export const error = (code: string, span: Span, message: string, hint?: string): Diagnostic => ({
  code,
  severity: 'error',
  span,
  message: cut(message),
  ...(hint !== undefined && { hint: cut(hint) }),
});

/** Longer words are quoted in part, since a message is a line. */
const longestWord = 64;
const longWords = new RegExp(`\\S{${longestWord + 2},}`, 'g');

const cut = (message: string): string =>
  message.length <= longestWord
    ? message
    : message.replace(
        longWords,
        (word) => `${word.slice(0, longestWord)}…${/['’]?[:,?]?$/.exec(word)![0]}`,
      );

/** Told beside a program: it compiles, and may not mean what was meant. */
export const warning = (code: string, span: Span, message: string, hint?: string): Diagnostic => ({
  ...error(code, span, message, hint),
  severity: 'warning',
});

export const quoted = (found: string | undefined): string =>
  found === undefined ? 'the end of the filter' : `'${found}'`;

/** @param after the protocol before it, if one is */
export const unknownWord = (span: Span, text: string, after: string | undefined): Diagnostic => {
  if (after === undefined && isDisplayField(text)) return foreignWord(span, text);
  const place = after === undefined ? '' : ` after '${after}'`;
  const hint =
    wordHint(text, after) ??
    `if it is a name, say of what: 'host ${text}', 'net ${text}' or 'port ${text}'`;
  return error('unknown-word', span, `unknown word '${text}'${place}`, hint);
};

/** A field of Wireshark's filter language. @param meant what says the same, where that is known */
export const foreignWord = (span: Span, found: string, meant?: string): Diagnostic =>
  error(
    'foreign-word',
    span,
    `'${found}' is a word of Wireshark's display filters, not of capture filters`,
    meant === undefined
      ? "capture filters know addresses, ports and bytes: 'tcp port 80', 'tcp[tcpflags] & tcp-syn != 0'"
      : `write '${meant}'`,
  );
