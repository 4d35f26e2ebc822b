import { type IToken, tokenMatcher } from 'chevrotain';
import {
  And,
  ArithOpen,
  ArithSign,
  Close,
  CloseBracket,
  Minus,
  Not,
  Open,
  OpenBracket,
  Or,
  RelationSign,
  Slash,
} from './tokens.ts';

/**
 * Tests and numbers nest this deep at most: what walks them is recursive, and a filter that a program
 * made should be refused rather than overflow the stack. Each parenthesis and bracket is a level, and
 * so is each `not` and each arithmetic sign, which have the rest of their operand or of their number
 * below them. They count together, since they multiply: `not not (not not (…`.
 */
export const maxDepth = 200;

const isSign = (token: IToken | undefined): boolean =>
  token !== undefined && [RelationSign, ArithSign, Minus, Slash].includes(token.tokenType);

/** Adds a level until the operand or the number ends. */
const deepens = ({ tokenType }: IToken): boolean =>
  [Not, ArithSign, Minus, Slash].includes(tokenType);

/** Ends them. So chains of `and` and `or` may be of any length. */
const endsOperand = ({ tokenType }: IToken): boolean => [And, Or, RelationSign].includes(tokenType);

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
  const open: { arithmetic: boolean; levelsBefore: number }[] = [];
  let levels = 0;
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
      open.push({ arithmetic, levelsBefore: levels });
      levels++;
    } else if (tokenMatcher(token, OpenBracket)) {
      open.push({ arithmetic: true, levelsBefore: levels });
      levels++;
    } else if (tokenMatcher(token, Close) || tokenMatcher(token, CloseBracket)) {
      levels = open.pop()?.levelsBefore ?? 0;
    } else if (deepens(token)) {
      levels++;
    } else if (endsOperand(token)) {
      levels = (open.at(-1)?.levelsBefore ?? -1) + 1;
    }
    if (levels > maxDepth) tooDeep ??= token;
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
