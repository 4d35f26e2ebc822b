import { type IToken, Lexer } from 'chevrotain';
import type { Diagnostic } from '../diagnostic.ts';
import * as messages from '../messages/parse.ts';
import type { Span } from '../source.ts';
import { classifyParentheses } from './classify-parentheses.ts';
import { Unsupported, vocabulary } from './tokens.ts';

// Built once: the vocabulary is checked by a test instead of at every start.
const lexer = new Lexer(vocabulary, { positionTracking: 'onlyOffset', skipValidations: true });

export const tokenSpan = (token: IToken): Span => ({
  start: token.startOffset,
  end: token.startOffset + token.image.length,
});

/** Text to tokens, parentheses already told apart. */
export function lex(text: string): { tokens: IToken[]; diagnostics: Diagnostic[] } {
  const { tokens, errors } = lexer.tokenize(text);
  const diagnostics = errors.map((error) =>
    messages.badCharacter(
      { start: error.offset, end: error.offset + error.length },
      text.slice(error.offset, error.offset + error.length),
    ),
  );
  for (const token of tokens) {
    if (token.tokenType === Unsupported) {
      diagnostics.push(messages.unsupportedWord(tokenSpan(token), token.image));
    }
  }
  const classified = classifyParentheses(tokens);
  if (classified.tooDeep !== undefined)
    diagnostics.push(messages.tooDeep(tokenSpan(classified.tooDeep)));
  return { tokens: classified.tokens, diagnostics };
}
