/** Scratch words that are still looked at, as a persistent set: nodes share what is the same. */
export type Words = ReadonlySet<number>;

export const noWords: Words = new Set();

export function union(a: Words, b: Words): Words {
  if (a === b || b.size === 0) return a;
  if (a.size === 0) return b;
  let added: Set<number> | undefined;
  for (const word of b) {
    if (a.has(word)) continue;
    added ??= new Set(a);
    added.add(word);
  }
  return added ?? a;
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
