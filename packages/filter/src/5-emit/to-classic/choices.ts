import type { Expression } from './expression-table.ts';

/** What `select` does not find out by itself: what is best shows at the end only. */
export interface Choices {
  /** Expressions that are not kept in memory: computed each time. */
  readonly recomputed: ReadonlySet<Expression>;
  /**
   * Words whose values are left in A, although they are indexes. In X they are where they are
   * wanted, in A they take one instruction less if they have to go to memory.
   */
  readonly throughA: ReadonlySet<number>;
  /** Is what is going to be an index left in X when it is computed for something else before? */
  readonly keepsIndexes: boolean;
}

export const firstChoices: Choices = {
  recomputed: new Set(),
  throughA: new Set(),
  keepsIndexes: true,
};

/** The same choices, but for these values. */
export const recomputing = (choices: Choices, values: readonly Expression[]): Choices => ({
  ...choices,
  recomputed: new Set([...choices.recomputed, ...values]),
});

/** Ways to choose otherwise, in one respect each; some are worth another try when others changed. */
export function variations(words: readonly number[]): ((choices: Choices) => Choices)[] {
  const keepOrNot = (choices: Choices): Choices => ({
    ...choices,
    keepsIndexes: !choices.keepsIndexes,
  });
  const throughOther = words.map((word) => (choices: Choices): Choices => {
    const throughA = new Set(choices.throughA);
    if (!throughA.delete(word)) throughA.add(word);
    return { ...choices, throughA };
  });
  return [...throughOther, keepOrNot, ...throughOther];
}
