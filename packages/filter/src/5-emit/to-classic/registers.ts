/**
 * What a register is known to hold, under all its names: expressions, and words as
 * {@link wordName}. Never changed in place, so that states can be kept.
 */
export type Names = readonly number[];

/** What is known of the machine at some place, on every way that leads there. */
export interface Registers {
  readonly a: Names;
  readonly x: Names;
}

export const unknown: Registers = { a: [], x: [] };

/** What a word holds at the moment, as a name among those of expressions; and the word of a name. */
export const wordName = (word: number): number => ~word;

/** What holds where two ways meet. */
export function meet(one: Registers, other: Registers): Registers {
  const a = common(one.a, other.a);
  const x = common(one.x, other.x);
  return a === one.a && x === one.x ? one : { a, x };
}

function common(one: Names, other: Names): Names {
  if (one === other || one.length === 0) return one;
  const both = one.filter((name) => other.includes(name));
  return both.length === one.length ? one : both;
}
