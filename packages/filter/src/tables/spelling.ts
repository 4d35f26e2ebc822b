import { namedConstants } from './constants.ts';
import { reservedWords } from './words.ts';

/**
 * What a word made of letters, digits, `-`, `_` and `.` is, by its spelling alone (libpcap's
 * scanner.l, where the longest match wins and, of two as long, this order).
 */
type Spelling = 'reserved' | 'mac' | 'number' | 'ipv4' | 'constant' | 'name';

const number = '(?:0[xX][0-9a-fA-F]+|[0-9]+)';
const hexByte = '[0-9a-fA-F]{1,2}';
const hexHalf = '[0-9a-fA-F]{4}';
const numberShape = new RegExp(`^${number}$`);
const ipv4Shape = new RegExp(`^${number}(?:\\.${number}){1,3}$`);
const macShape = new RegExp(
  `^(?:${hexByte}(?:-${hexByte}){5}|${hexByte}(?:\\.${hexByte}){5}|${hexHalf}(?:\\.${hexHalf}){2}|[0-9a-fA-F]{12})$`,
);

/** @param word as `wordEnd` finds it */
export function spellingOf(word: string): Spelling {
  if (reservedWords.has(word)) return 'reserved';
  const first = word.charCodeAt(0);
  const digit = first <= 0x39;
  if ((digit || (first | 0x20) <= 0x66) && macShape.test(word)) return 'mac';
  if (digit && numberShape.test(word)) return 'number';
  if (digit && ipv4Shape.test(word)) return 'ipv4';
  return Object.hasOwn(namedConstants, word) ? 'constant' : 'name';
}

/** By character code: 1 may end a word and be inside, 2 may be inside only. */
const wordCharacters = new Uint8Array(128);
for (const character of '.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz') {
  wordCharacters[character.charCodeAt(0)] = 1;
}
for (const character of '-_') wordCharacters[character.charCodeAt(0)] = 2;

/**
 * Where the word ends that begins at `start` with a letter or digit. It may hold dashes and
 * underscores but does not end in one: `len-` is `len` and a minus, `10-1` is one word.
 */
export function wordEnd(text: string, start: number): number {
  let end = start;
  for (let at = start; at < text.length; at++) {
    const kind = wordCharacters[text.charCodeAt(at)];
    if (kind === 1) end = at + 1;
    else if (kind !== 2) break;
  }
  return end;
}

/** Can this be written as a name without a `\` before it? */
export function isPlainName(text: string): boolean {
  return (
    /^[A-Za-z0-9]/.test(text) && wordEnd(text, 0) === text.length && spellingOf(text) === 'name'
  );
}
