import type { Diagnostic } from '../diagnostic.ts';
import * as messages from '../messages/parse.ts';
import type { Span } from '../source.ts';
import { namedConstants } from '../tables/constants.ts';

/**
 * The value of a number as C writes it (`0x` hexadecimal, a leading `0` octal) or of a named
 * constant; 0 beside a diagnostic where it has none in 32 bits.
 */
export function readNumber(text: string, span: Span, diagnostics: Diagnostic[]): number {
  if (Object.hasOwn(namedConstants, text)) return namedConstants[text]!;
  const octal = /^0[0-9]/.test(text);
  if (octal && /[89]/.test(text)) {
    diagnostics.push(messages.notOctal(span, text));
    return 0;
  }
  const value = octal ? Number.parseInt(text, 8) : Number(text);
  if (value > 0xffffffff) {
    diagnostics.push(messages.numberTooLarge(span, text));
    return 0;
  }
  return value;
}
