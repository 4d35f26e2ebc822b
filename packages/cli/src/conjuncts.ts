import type { Expression, Span } from '@hookdump/filter';

/** One of the tests that must all hold, in the order in which they are made. */
export interface Conjunct {
  /** As it is written. */
  readonly text: string;
  /** The filter up to and with it, a filter by itself. */
  readonly prefix: string;
}

/**
 * The tests of a filter that must all hold: `tcp`, `port 80` and `not host a` of
 * `tcp and (port 80 and not host a)`. A packet is refused by the first whose prefix it does not match.
 * Prefixes and not the tests alone, since a test may take its qualifiers from those before it, and
 * looks behind the headers that they name.
 *
 * @param ast of `text`
 */
export function conjuncts(text: string, ast: Expression): Conjunct[] {
  return partsOf(ast, '').map(({ span, closing }) => ({
    text: text.slice(span.start, span.end).replace(/\s+/g, ' '),
    prefix: text.slice(0, span.end) + closing,
  }));
}

interface Part {
  readonly span: Span;
  /** What closes the groups around it. */
  readonly closing: string;
}

function partsOf(expression: Expression, closing: string): Part[] {
  if (expression.kind === 'group') return partsOf(expression.inner, `${closing})`);
  if (expression.kind !== 'chain') return [{ span: expression.span, closing }];
  const { first, rest } = expression;
  // `and` and `or` bind alike, from the left: `a or b and c` is `(a or b) and c`.
  const lastOr = rest.reduce((last, { op }, at) => (op === 'or' ? at : last), -1);
  const either = { start: first.span.start, end: rest[lastOr]?.operand.span.end ?? 0 };
  return [
    ...(lastOr < 0 ? partsOf(first, closing) : [{ span: either, closing }]),
    ...rest.slice(lastOr + 1).flatMap(({ operand }) => partsOf(operand, closing)),
  ];
}
