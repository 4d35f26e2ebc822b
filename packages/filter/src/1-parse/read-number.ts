import type { IToken } from 'chevrotain';
import type { Diagnostic } from '../diagnostic.ts';
import * as messages from '../messages/parse.ts';
import { namedConstants } from '../tables/constants.ts';
import { tokenSpan } from './lex.ts';

/**
 * The value of a number as C writes it (`0x` hexadecimal, a leading `0` octal) or of a named
 * constant; 0 beside a diagnostic where there is none.
 */
export function readNumber(token: IToken, diagnostics: Diagnostic[]): number {
  const text = token.image;
  const named = namedConstants[text];
  if (named !== undefined) return named;
  if (/^0[0-9]/.test(text) && /[89]/.test(text)) {
    diagnostics.push(messages.notOctal(tokenSpan(token), text));
    return 0;
  }
  const value = /^0[0-9]/.test(text) ? Number.parseInt(text, 8) : Number(text);
  if (value > 0xffffffff) {
    diagnostics.push(messages.numberTooLarge(tokenSpan(token), text));
    return 0;
  }
  return value;
}
