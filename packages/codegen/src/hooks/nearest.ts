/** `did you mean 'X'?` for a word that is a slip away from one of `known`. */
export function suggestion(
  word: string,
  known: readonly string[],
  prefix = '',
): string | undefined {
  const lower = word.toLowerCase();
  const [nearest] = known
    .map((candidate) => ({ candidate, distance: editDistance(lower, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  if (nearest === undefined || nearest.distance > Math.max(1, nearest.candidate.length / 3)) {
    return undefined;
  }
  return `did you mean '${prefix}${nearest.candidate}'?`;
}

/** Levenshtein: insertions, deletions and replacements that make `a` of `b`. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
