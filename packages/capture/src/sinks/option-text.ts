/**
 * Bytes that a text in a pcapng file may have: its length has 16 bits, and that of a filter has one
 * more byte in front.
 */
const most = 0xffff - 1;

/** A text as it fits into an option of a pcapng file; generated filters may be longer. */
export function optionText(text: string): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= most) return text;
  const mark = '…';
  const room = most - new TextEncoder().encode(mark).length;
  // As a stream: a character that is cut through is left out.
  return new TextDecoder().decode(bytes.subarray(0, room), { stream: true }) + mark;
}
