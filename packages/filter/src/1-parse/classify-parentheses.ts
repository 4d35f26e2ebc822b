import type { IToken } from 'chevrotain';
import type { Diagnostic } from '../diagnostic.ts';
import * as messages from '../messages/parse.ts';
import { maxDepth, maxDiagnostics } from './limits.ts';
import {
  AndOr,
  ArithOpen,
  ArithSign,
  Bad,
  Close,
  CloseBracket,
  Not,
  Open,
  OpenBracket,
  RelationSign,
  setType,
  tokenSpan,
} from './tokens.ts';

const isSign = (token: IToken | undefined): boolean =>
  token !== undefined && (token.tokenType === RelationSign || token.tokenType === ArithSign);

interface Opened {
  readonly kind: 'parenthesis' | 'bracket';
  /** Inside of it are numbers. */
  readonly numbers: boolean;
  readonly levelsBefore: number;
}

/**
 * Tells `(tcp or udp)` from `(len + 1) > 5`: a parenthesis belongs to a number if a sign stands
 * before it or after its end, or if it is inside one that does. Knowing that beforehand leaves the
 * grammar LL(1). Changes the kinds of the tokens in place, since they are the lexer's own: a `)`
 * that closes nothing becomes `Bad` beside its diagnostic.
 *
 * @returns the first token that nests too deeply, if any. As deep as the parser gets, this counts
 *   at least, also where the parser finds mistakes and goes on behind them.
 */
export function classifyParentheses(
  tokens: readonly IToken[],
  diagnostics: Diagnostic[],
): IToken | undefined {
  const closes = matchingCloses(tokens, diagnostics);
  const open: Opened[] = [];
  let levels = 0;
  const enter = (kind: Opened['kind'], numbers: boolean): void => {
    open.push({ kind, numbers, levelsBefore: levels });
    levels++;
  };
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!;
    const type = token.tokenType;
    if (type === Open) {
      const close = closes[index]!;
      const numbers =
        open.at(-1)?.numbers === true ||
        isSign(tokens[index - 1]) ||
        (close > 0 && isSign(tokens[close + 1]));
      if (numbers) setType(token, ArithOpen);
      enter('parenthesis', numbers);
    } else if (type === OpenBracket) {
      enter('bracket', true);
    } else if (type === CloseBracket) {
      if (open.at(-1)?.kind === 'bracket') levels = open.pop()!.levelsBefore;
    } else if (type === Close) {
      while (open.at(-1)?.kind === 'bracket') open.pop();
      levels = open.pop()?.levelsBefore ?? 0;
    } else if (type === Not || type === ArithSign) {
      // Until the operand or the number ends.
      levels++;
    } else if (type === AndOr || type === RelationSign) {
      // The operand ends: chains of `and` and `or` may be of any length.
      levels = (open.at(-1)?.levelsBefore ?? -1) + 1;
    }
    if (levels > maxDepth) return token;
  }
  return undefined;
}

/** For each `(`, the index of its `)`; 0 where it has none. */
function matchingCloses(tokens: readonly IToken[], diagnostics: Diagnostic[]): Int32Array {
  const closes = new Int32Array(tokens.length);
  const open: number[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!;
    if (token.tokenType === Open) {
      open.push(index);
    } else if (token.tokenType === Close) {
      const from = open.pop();
      if (from !== undefined) {
        closes[from] = index;
      } else {
        if (diagnostics.length < maxDiagnostics) {
          diagnostics.push(messages.unopenedParenthesis(tokenSpan(token)));
        }
        setType(token, Bad);
      }
    }
  }
  return closes;
}
