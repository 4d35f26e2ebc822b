import type { ChainLink, Expression } from '../../ast/types.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import * as messages from '../../messages/analyze.ts';
import { isIdentifiers } from '../identifiers.ts';
import { quote, type Source } from './source.ts';

type Chain = Extract<Expression, { kind: 'chain' }>;

/**
 * `ip or arp and len > 100` is `(ip or arp) and len > 100`, since `and` and `or` bind alike. People
 * who know other languages expect `and` to bind tighter; so an `and` behind an `or` without
 * parentheses is told, once for each chain.
 *
 * Silent for `port 80 or 443 and host 10.0.0.1`: a list of identifiers is read as one test, and that
 * is how it is taken.
 */
export function bindsFromLeft(ast: Expression, source: Source): Diagnostic[] {
  switch (ast.kind) {
    case 'chain': {
      const own = inChain(ast, source);
      const inside = [ast.first, ...ast.rest.map(({ operand }) => operand)].flatMap((operand) =>
        isGrouping(operand) ? bindsFromLeft(operand, source) : [],
      );
      return own === undefined ? inside : [own, ...inside];
    }
    case 'not':
      return bindsFromLeft(ast.operand, source);
    case 'group':
      return bindsFromLeft(ast.inner, source);
    default:
      return [];
  }
}

const isGrouping = ({ kind }: Expression): boolean => kind === 'not' || kind === 'group';

function inChain({ first, rest }: Chain, source: Source): Diagnostic | undefined {
  const firstOr = rest.findIndex(({ op, operand }) => op === 'or' && !isIdentifiers(operand));
  if (firstOr < 0) return behindAnd({ first, rest }, source);
  const firstAnd = rest.findIndex(({ op }, index) => index > firstOr && op === 'and');
  if (firstAnd < 0) return behindAnd({ first, rest }, source);
  const { operand } = rest[firstAnd]!;
  const left = { start: first.span.start, end: rest[firstAnd - 1]!.operand.span.end };
  const span = { start: left.start, end: operand.span.end };
  const taken = quote(source, left);
  const behind = quote(source, operand.span);
  const other = quote(source, { start: left.start, end: endOfAnds(rest, firstAnd) });
  if (taken === undefined || behind === undefined || other === undefined) {
    return messages.leftToRight(span);
  }
  // Where the operand begins that `and` would take if it bound tighter: a list of identifiers is
  // one with the primitive before it.
  let unit = firstAnd - 1;
  while (isIdentifiers(rest[unit]!.operand)) unit--;
  const cut = rest[unit]!.operand.span.start - left.start;
  const meant = `${other.slice(0, cut)}(${other.slice(cut)})`;
  return messages.leftToRight(span, `(${taken}) and ${behind}`, meant);
}

/**
 * `host 10.0.0.1 and port 80 or 443` is `(host 10.0.0.1 and port 80) or port 443`: an identifier
 * joins all that stands before it, and not only the primitive that it takes its words from.
 */
function behindAnd(
  { first, rest }: Pick<Chain, 'first' | 'rest'>,
  source: Source,
): Diagnostic | undefined {
  const at = rest.findIndex(
    ({ op, operand }, index) =>
      op === 'or' &&
      isIdentifiers(operand) &&
      rest[index - 1]?.op === 'and' &&
      rest[index - 1]!.operand.kind === 'primitive',
  );
  if (at < 0) return undefined;
  const before = rest[at - 1]!.operand;
  if (before.kind !== 'primitive') return undefined;
  let last = at;
  while (rest[last + 1]?.op === 'or' && isIdentifiers(rest[last + 1]!.operand)) last++;
  const { start } = first.span;
  const { end } = rest[last]!.operand.span;
  const head = quote(source, { start, end: before.ids.span.start });
  const list = quote(source, { start: before.ids.span.start, end });
  const left = quote(source, { start, end: before.span.end });
  const words = quote(source, before.qualifiers.span);
  const right = quote(source, { start: rest[at]!.operand.span.start, end });
  const { span } = rest[at]!.operand;
  if (!head || !list || !left || !words || !right || before.ids.kind !== 'bare') {
    return messages.listBehindAnd(span);
  }
  const many = last > at ? `(${right})` : right;
  return messages.listBehindAnd(span, `(${left}) or ${words} ${many}`, `${head}(${list})`);
}

/** Where a run of `and`s ends. */
function endOfAnds(rest: readonly ChainLink[], from: number): number {
  let last = from;
  while (rest[last + 1]?.op === 'and') last++;
  return rest[last]!.operand.span.end;
}
