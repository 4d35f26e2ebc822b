import type { Diagnostic } from '../../diagnostic.ts';
import * as messages from '../../messages/parse.ts';
import * as t from '../tokens.ts';
import { tokenSpan } from '../tokens.ts';
import { bracketedAddress } from './hints.ts';
import { foundImage, foundSpan, foundToken, isKind, type Situation } from './situation.ts';

/** Nothing of the operand could be read but `not`: no test begins so. */
export function explainBeginning(situation: Situation): Diagnostic | undefined {
  const { tokens, first, at } = situation;
  for (let index = first; index < at; index++) {
    if (!isKind(tokens[index], t.Not)) return undefined;
  }
  const before = tokens[at - 1];
  const found = foundToken(situation);
  if (isKind(before, t.Open) && isKind(found, t.Close)) {
    return messages.emptyParentheses({
      start: before!.startOffset,
      end: tokenSpan(found!).end,
    });
  }
  return (
    bracketedAddress(situation) ??
    messages.expectedTest(
      foundSpan(situation),
      before?.image,
      foundImage(situation),
      isKind(found, t.RelationSign)
        ? "a comparison has two sides: 'len > 5 and len < 10'"
        : undefined,
    )
  );
}
