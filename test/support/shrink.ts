/** The words of a filter, roughly as the language cuts them: joined with blanks they mean the same. */
const tokens = (text: string): string[] =>
  text.match(/[A-Za-z0-9_.\\$:/-]+|[<>=!]=|<<|>>|&&|\|\||\S/g) ?? [];

/**
 * A shorter filter that is still wrong: tokens are left out, long stretches first, as long as
 * something can be. (Delta debugging: Zeller and Hildebrandt, 2002.)
 *
 * @param isWrong for what does not even compile it must say no
 */
export function shrink(text: string, isWrong: (text: string) => boolean): string {
  let left = tokens(text);
  if (!isWrong(left.join(' '))) return text;
  for (let size = left.length >> 1; size > 0; ) {
    let shorter = false;
    for (let at = 0; at + size <= left.length; ) {
      const candidate = [...left.slice(0, at), ...left.slice(at + size)];
      if (candidate.length > 0 && isWrong(candidate.join(' '))) {
        left = candidate;
        shorter = true;
      } else at++;
    }
    if (!shorter || size > left.length) size = Math.min(size - 1, left.length);
  }
  return left.join(' ');
}
