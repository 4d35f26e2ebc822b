/**
 * Text that may stand in a C comment, on one line: nothing in it ends the comment, starts another or
 * changes how the reader sees the code (control and bidirectional characters).
 */
export function commentText(text: string): string {
  return text
    .replaceAll('*/', '* /')
    .replaceAll('/*', '/ *')
    .replace(/\s+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '?')
    .trim();
}
