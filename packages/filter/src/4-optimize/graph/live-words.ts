/** Scratch words that are still looked at, as a persistent set: nodes share what is the same. */
export type Words = ReadonlySet<number>;

export const noWords: Words = new Set();

export function union(a: Words, b: Words): Words {
  if (a === b || b.size === 0) return a;
  if (a.size === 0) return b;
  // The larger one is kept as it is if it holds the other.
  const [most, others] = a.size < b.size ? [b, a] : [a, b];
  let added: Set<number> | undefined;
  for (const word of others) {
    if (most.has(word)) continue;
    added ??= new Set(most);
    added.add(word);
  }
  return added ?? most;
}

export function withWord(words: Words, word: number): Words {
  return words.has(word) ? words : new Set(words).add(word);
}

export function withoutWord(words: Words, word: number): Words {
  if (!words.has(word)) return words;
  const left = new Set(words);
  left.delete(word);
  return left;
}
