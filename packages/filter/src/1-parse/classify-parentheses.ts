import { type IToken, tokenMatcher } from 'chevrotain';
import {
  ArithOpen,
  ArithSign,
  Close,
  CloseBracket,
  Minus,
  Open,
  OpenBracket,
  RelationSign,
  Slash,
} from './tokens.ts';

/**
 * Parentheses and brackets nest this deep at most: the parser is recursive, and a filter that a
 * program made should be refused rather than overflow the stack.
 */
export const maxDepth = 200;

const isSign = (token: IToken | undefined): boolean =>
  token !== undefined && [RelationSign, ArithSign, Minus, Slash].includes(token.tokenType);

/**
 * Tells `(tcp or udp)` from `(len + 1) > 5`: a parenthesis belongs to a number if a sign stands
 * before it or after its end, or if it is inside one that does. Knowing that beforehand leaves the
 * grammar LL(2).
 */
export function classifyParentheses(tokens: readonly IToken[]): {
  tokens: IToken[];
  tooDeep?: IToken;
} {
  const closes = matchingCloses(tokens);
  const result = [...tokens];
  const open: { arithmetic: boolean }[] = [];
  let tooDeep: IToken | undefined;
  tokens.forEach((token, index) => {
    if (tokenMatcher(token, Open)) {
      const close = closes.get(index);
      const arithmetic =
        open.at(-1)?.arithmetic === true ||
        isSign(tokens[index - 1]) ||
        (close !== undefined && isSign(tokens[close + 1]));
      if (arithmetic) {
        result[index] = {
          ...token,
          tokenType: ArithOpen,
          tokenTypeIdx: ArithOpen.tokenTypeIdx!,
        };
      }
      open.push({ arithmetic });
    } else if (tokenMatcher(token, OpenBracket)) {
      open.push({ arithmetic: true });
    } else if (tokenMatcher(token, Close) || tokenMatcher(token, CloseBracket)) {
      open.pop();
    }
    if (open.length > maxDepth) tooDeep ??= token;
  });
  return tooDeep === undefined ? { tokens: result } : { tokens: result, tooDeep };
}

/** For each `(`, the index of its `)`, where it has one. */
function matchingCloses(tokens: readonly IToken[]): ReadonlyMap<number, number> {
  const closes = new Map<number, number>();
  const open: number[] = [];
  tokens.forEach((token, index) => {
    if (tokenMatcher(token, Open)) open.push(index);
    else if (tokenMatcher(token, Close)) {
      const from = open.pop();
      if (from !== undefined) closes.set(from, index);
    }
  });
  return closes;
}
