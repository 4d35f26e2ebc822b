/**
 * Conditions of straight code: which answers of tests make the program reach a place. A condition is
 * a list of literals that all hold; where ways meet, one literal stands for "one of these".
 */

/** What a block asks of a packet. Equal questions have equal keys. */
export interface Question {
  readonly key: string;
  /** For "is it this number?": what is asked, and the number. It is one number at most. */
  readonly subject?: string;
}

export type Literal =
  | { readonly kind: 'test'; readonly question: Question; readonly holds: boolean }
  | { readonly kind: 'any'; readonly key: string; readonly of: readonly Condition[] };

/** All of these hold; none: always. */
export type Condition = readonly Literal[];

/** Names a literal, for comparing. */
export function keyOf(literal: Literal): string {
  if (literal.kind === 'any') return literal.key;
  return `${literal.holds ? '' : '!'}${literal.question.key}`;
}

const keysOf = (condition: Condition): ReadonlySet<string> => new Set(condition.map(keyOf));

const negated = (literal: Literal): string | undefined =>
  literal.kind === 'any' ? undefined : keyOf({ ...literal, holds: !literal.holds });

/** How many tests a condition makes. */
export const sizeOf = (condition: Condition): number =>
  condition.reduce(
    (sum, each) =>
      sum + (each.kind === 'test' ? 1 : each.of.reduce((all, one) => all + sizeOf(one), 0)),
    0,
  );

/** The condition with one more answer; `undefined` if there is no such packet. */
export function withAnswer(
  condition: Condition,
  question: Question,
  holds: boolean,
): Condition | undefined {
  const literal: Literal = { kind: 'test', question, holds };
  const key = keyOf(literal);
  const kept: Literal[] = [];
  for (const other of condition) {
    if (keyOf(other) === key) return condition;
    if (keyOf(other) === negated(literal)) return undefined;
    const excludes =
      other.kind === 'test' &&
      question.subject !== undefined &&
      other.question.subject === question.subject;
    if (excludes && other.holds) return holds ? undefined : condition;
    // "It is 6" says as well that it is not 17.
    if (!(excludes && holds)) kept.push(other);
  }
  return [...kept, literal];
}

/** Where one of these leads; `undefined` if there are none. */
export function anyOf(conditions: readonly Condition[]): Condition | undefined {
  const terms = simplify(conditions);
  if (terms.length < 2) return terms[0];
  const common = terms[0]!.filter((literal) =>
    terms.every((term) => keysOf(term).has(keyOf(literal))),
  );
  if (common.length > 0) {
    const rest = anyOf(terms.map((term) => without(term, common)));
    return [...common, ...rest!];
  }
  const of = factored(terms);
  if (of.length === 1) return of[0];
  return [{ kind: 'any', key: `(${of.map(textOf).join('|')})`, of }];
}

/** Names a condition. */
export const textOf = (condition: Condition): string => [...keysOf(condition)].sort().join('&');

const without = (term: Condition, gone: Condition): Condition => {
  const keys = keysOf(gone);
  return term.filter((literal) => !keys.has(keyOf(literal)));
};

const contains = (term: Condition, part: Condition): boolean => {
  const keys = keysOf(term);
  return part.every((literal) => keys.has(keyOf(literal)));
};

/** Leaves out what the other terms say already: of "x, or not x and y" remains "x, or y". */
function simplify(conditions: readonly Condition[]): readonly Condition[] {
  let terms = [...new Map(conditions.map((each) => [textOf(each), each])).values()];
  for (let changed = true; changed; ) {
    changed = false;
    for (const [at, term] of terms.entries()) {
      for (const other of terms) {
        if (other === term) continue;
        const needless = term.find((literal) => {
          const opposite = negated(literal);
          const answer = other.find((each) => keyOf(each) === opposite);
          return answer !== undefined && contains(term, without(other, [answer]));
        });
        if (needless === undefined) continue;
        terms[at] = without(term, [needless]);
        changed = true;
        break;
      }
      if (changed) break;
    }
    const kept = terms.filter((term, at) =>
      terms.every(
        (other, index) =>
          index === at || !contains(term, other) || (contains(other, term) && index > at),
      ),
    );
    if (kept.length < terms.length) changed = true;
    terms = kept;
  }
  return terms;
}

/** Writes once what several terms begin with, the most frequent first. */
function factored(terms: readonly Condition[]): readonly Condition[] {
  const counts = new Map<string, number>();
  for (const key of terms.flatMap((term) => [...keysOf(term)])) {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const [best, count] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0]);
  if (count < 2) return terms;
  const has = (term: Condition): boolean => keysOf(term).has(best);
  const shared = anyOf(terms.filter(has))!;
  const others = terms.filter((term) => !has(term));
  return others.length === 0 ? [shared] : [shared, ...factored(others)];
}
