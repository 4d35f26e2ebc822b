import type { IToken } from 'chevrotain';
import type { Expression } from '../ast/types.ts';
import type { Diagnostic } from '../diagnostic.ts';
import * as messages from '../messages/parse.ts';
import { checkIdentifiers } from './check-identifiers.ts';
import { classifyParentheses } from './classify-parentheses.ts';
import { explainSyntaxError } from './explain/index.ts';
import { sharedGrammar } from './grammar.ts';
import { joinPhrases } from './join-phrases.ts';
import { lex } from './lex.ts';
import { maxDepth, maxDiagnostics } from './limits.ts';
import { Bad, tokenSpan } from './tokens.ts';

/** What phase 1 makes of a text: an AST, or what is wrong. */
export interface Parsed {
  /** `undefined` for the empty filter, and where there are diagnostics. */
  readonly ast: Expression | undefined;
  /** At most `maxDiagnostics`, in the order of the text; all of them are errors. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Phase 1: text to AST. Linear in the text. Each operand of `and` and `or` is read by itself, so
 * that one run tells about the mistakes of all.
 *
 * @param options `linux`: is it for a live capture on Linux? Hints differ.
 */
export function parse(text: string, { linux = false }: { linux?: boolean } = {}): Parsed {
  const lexed = lex(text);
  const diagnostics = [...lexed.diagnostics];
  const tokens = joinPhrases(text, lexed.tokens);
  const tooDeep = classifyParentheses(tokens, diagnostics);
  if (tooDeep !== undefined) {
    // Reading on would overflow the stack.
    diagnostics.push(messages.tooDeep(tokenSpan(tooDeep), maxDepth));
    return { ast: undefined, diagnostics: sorted(diagnostics) };
  }
  if (tokens.length === 0) return { ast: undefined, diagnostics };
  const { ast, faults } = readTokens(tokens);
  for (const fault of faults) {
    if (diagnostics.length >= maxDiagnostics) break;
    if (!tokens.slice(fault.first, fault.next).some((token) => token.tokenType === Bad)) {
      diagnostics.push(explainSyntaxError({ text, tokens, linux, ...fault }));
    }
  }
  diagnostics.push(...checkIdentifiers(ast, diagnostics.length > 0));
  return diagnostics.length === 0
    ? { ast, diagnostics }
    : { ast: undefined, diagnostics: sorted(diagnostics) };
}

/** An operand that could not be read, in indices of tokens. */
interface Fault {
  readonly first: number;
  /** The token that cannot follow. */
  readonly at: number;
  /** Where reading went on. */
  readonly next: number;
}

function readTokens(tokens: readonly IToken[]): { ast: Expression; faults: readonly Fault[] } {
  const faults = new Map<number, Fault>();
  const grammar = sharedGrammar();
  grammar.onFault = (operand, found, next) => {
    const at = indexOf(tokens, found);
    // What ends the text ends all operands that are still open: the innermost has the cause.
    if (!faults.has(at)) {
      faults.set(at, { first: indexOf(tokens, operand), at, next: indexOf(tokens, next) });
    }
    return faults.size < maxDiagnostics;
  };
  // Chevrotain adds to the array that it is given.
  grammar.input = [...tokens];
  const ast = grammar.expression();
  // The parser lives on; what it was given must not.
  grammar.input = [];
  grammar.onFault = () => false;
  return { ast, faults: [...faults.values()] };
}

/** Tokens are in the order of the text; chevrotain's end of the text has no place in it. */
function indexOf(tokens: readonly IToken[], token: IToken): number {
  if (Number.isNaN(token.startOffset)) return tokens.length;
  let low = 0;
  let high = tokens.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tokens[middle]!.startOffset < token.startOffset) low = middle + 1;
    else high = middle;
  }
  return low;
}

const sorted = (diagnostics: readonly Diagnostic[]): Diagnostic[] =>
  [...diagnostics].sort((a, b) => a.span.start - b.span.start).slice(0, maxDiagnostics);
