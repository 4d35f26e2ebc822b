import type { IToken } from 'chevrotain';
import type { Diagnostic } from '../diagnostic.ts';
import { unknownWord } from '../messages/diagnostics.ts';
import * as messages from '../messages/parse.ts';
import type { Span } from '../source.ts';
import { tokenSpan } from './lex.ts';

/** Token kinds that say what a primitive is about. */
const identifiers = ['Number', 'Constant', 'Ipv4', 'Ipv6', 'Mac', 'Name', 'EscapedName'];
const signs = ['ArithSign', 'Minus', 'Slash'];
const starters = ['And', 'Or', 'Not', 'Open'];

/**
 * Why the grammar stopped at `tokens[index]` (the end of the text if there is none), told in the
 * words of the filter language rather than in those of the grammar.
 *
 * @param rule the grammar rule that the parser was in
 */
export function explainSyntaxError(
  tokens: readonly IToken[],
  index: number,
  rule: string,
  textLength: number,
): Diagnostic {
  const token = tokens[index];
  const before = tokens[index - 1];
  const kind = token?.tokenType.name ?? 'end';
  const kindBefore = before?.tokenType.name ?? 'start';
  const span: Span = token ? tokenSpan(token) : { start: textLength, end: textLength };
  const found = token?.image;

  const unclosed = token === undefined ? unclosedParenthesis(tokens) : undefined;
  if (kind === 'Close' && kindBefore === 'Open') {
    return messages.emptyParentheses({ start: before!.startOffset, end: span.end });
  }
  if (['And', 'Or', 'Not', 'Open'].includes(kindBefore) && !identifiers.includes(kind)) {
    return messages.expectedTest(span, before!.image, found);
  }
  if (kindBefore === 'start') return messages.expectedTest(span, undefined, found);
  if (kindBefore === 'Type' || kindBefore === 'Direction') {
    return messages.expectedIdentifier(span, before!.image, found);
  }
  if (kindBefore === 'Protocol' && ['Name', 'EscapedName'].includes(kind)) {
    return unknownWord(span, found!, before!.image);
  }
  if (kindBefore === 'Protocol' && identifiers.includes(kind)) {
    const types = kind === 'Mac' ? ['host'] : ['host', 'net', 'port'];
    return messages.missingType(span, before!.image, found!, types);
  }
  if (
    [...signs, 'RelationSign', 'OpenBracket', 'ArithOpen', 'Colon', 'LengthTest', 'Mask'].includes(
      kindBefore,
    )
  ) {
    return messages.expectedNumber(span, before!.image, found);
  }
  if (kind === 'RelationSign') return messages.relationIsNoValue(span, found!);
  if (rule === 'load') return messages.expectedBracket(span, found);
  if (rule === 'relation' || (rule === 'arithmetic' && kind !== 'CloseBracket')) {
    return messages.expectedComparison(span, found);
  }
  if (unclosed !== undefined) return messages.unclosedParenthesis(tokenSpan(unclosed));
  if (kind === 'Close') return messages.unopenedParenthesis(span);
  if (kind === 'Slash') return messages.unexpectedPrefix(span, before!.image);
  const wordBefore = tokens[index - 2];
  if (
    kindBefore === 'Name' &&
    (wordBefore === undefined || starters.includes(wordBefore.tokenType.name))
  ) {
    return unknownWord(tokenSpan(before!), before!.image, undefined);
  }
  return messages.expectedOperator(span, found);
}

/** The innermost `(` that is still open at the end of the text. */
function unclosedParenthesis(tokens: readonly IToken[]): IToken | undefined {
  const open: IToken[] = [];
  for (const token of tokens) {
    if (['Open', 'ArithOpen'].includes(token.tokenType.name)) open.push(token);
    else if (token.tokenType.name === 'Close') open.pop();
  }
  return open.at(-1);
}
