/**
 * UTF-8, by hand: TextEncoder belongs to Node and to browsers, not to ECMAScript, and this package
 * compiles without either. Encoding writes in place, so that a comment costs no allocation.
 */

const replacement = 0xfffd;

/**
 * Encodes `text` into `target` from `at`; gives the number of bytes. A lone surrogate becomes
 * U+FFFD. The caller sees to room: at most 3 bytes a UTF-16 unit.
 */
export function encodeUtf8Into(text: string, target: Uint8Array, at: number): number {
  const start = at;
  for (let index = 0; index < text.length; index++) {
    let point = text.charCodeAt(index);
    if (point < 0x80) {
      target[at++] = point;
      continue;
    }
    if (point >= 0xd800 && point <= 0xdfff) {
      point = text.codePointAt(index) ?? replacement;
      if (point > 0xffff) index++;
      else point = replacement;
    }
    if (point < 0x800) {
      target[at++] = 0xc0 | (point >> 6);
    } else if (point < 0x10000) {
      target[at++] = 0xe0 | (point >> 12);
      target[at++] = 0x80 | ((point >> 6) & 0x3f);
    } else {
      target[at++] = 0xf0 | (point >> 18);
      target[at++] = 0x80 | ((point >> 12) & 0x3f);
      target[at++] = 0x80 | ((point >> 6) & 0x3f);
    }
    target[at++] = 0x80 | (point & 0x3f);
  }
  return at - start;
}

/**
 * Decodes bytes; each maximal malformed part becomes one U+FFFD, as the WHATWG Encoding Standard
 * does (Unicode, table 3-7: the second byte's range depends on the first).
 */
export function decodeUtf8(bytes: Uint8Array): string {
  const parts: string[] = [];
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at++]!;
    let point = first;
    if (first >= 0x80) {
      const following = first < 0xc2 || first > 0xf4 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
      let low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
      let high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
      point = following === 0 ? replacement : first & (0x3f >> following);
      for (let count = 0; count < following; count++) {
        const next = bytes[at] ?? 0;
        if (next < low || next > high) {
          point = replacement;
          break;
        }
        point = (point << 6) | (next & 0x3f);
        low = 0x80;
        high = 0xbf;
        at++;
      }
    }
    text += String.fromCodePoint(point);
    // Long ropes are slow to flatten; names and comments never get here.
    if (text.length > 8192) {
      parts.push(text);
      text = '';
    }
  }
  parts.push(text);
  return parts.join('');
}
