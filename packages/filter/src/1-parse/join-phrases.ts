import type { IToken } from 'chevrotain';
import { AndOr, Direction, Llc, makeToken, Name, NumberWord } from './tokens.ts';

/**
 * Makes one token of `src or dst` (in either order, and with `and`), which would otherwise ask the
 * grammar for lookahead, and a name of the `rnr` in `llc rnr`, which is a word of its own elsewhere
 * (grammar.y.in has a rule for it too).
 */
export function joinPhrases(text: string, tokens: readonly IToken[]): IToken[] {
  const joined: IToken[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (token.tokenType === Direction) {
      const directions = bothDirections(token, tokens[at + 1], tokens[at + 2]);
      if (directions !== undefined) {
        const image = text.slice(token.startOffset, tokens[at + 2]!.endOffset! + 1);
        joined.push(makeToken(Direction, image, token.startOffset, directions));
        at += 2;
        continue;
      }
    } else if (
      token.tokenType === NumberWord &&
      token.payload === 'rnr' &&
      tokens[at - 1]?.tokenType === Llc
    ) {
      joined.push(makeToken(Name, token.image, token.startOffset, 'rnr'));
      continue;
    }
    joined.push(token);
  }
  return joined;
}

function bothDirections(
  { payload }: IToken,
  sign: IToken | undefined,
  second: IToken | undefined,
): 'src or dst' | 'src and dst' | undefined {
  if (sign?.tokenType !== AndOr || second?.tokenType !== Direction) return undefined;
  const opposite = { src: 'dst', dst: 'src' }[payload as string];
  if (opposite === undefined || second.payload !== opposite) return undefined;
  return sign.payload === 'or' ? 'src or dst' : 'src and dst';
}
