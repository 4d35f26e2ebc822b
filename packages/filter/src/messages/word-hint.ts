import { nearest } from '../nearest.ts';
import { namedConstants } from '../tables/constants.ts';
import { otherTests, otherWords } from '../tables/other-words.ts';
import { services } from '../tables/services.ts';
import { reservedWords, words } from '../tables/words.ts';

/** What to do about a word that is not of the language, where that is known. */

const ownEntry = (table: Readonly<Record<string, string>>, word: string): string | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined;

const qualifiers = [...words.types, ...words.directions];
/** Words that a test may begin with. */
const beginnings = [...reservedWords].filter((word) => !['and', 'or', 'mask'].includes(word));

const didYouMean = (meant: string): string => `did you mean '${meant}'?`;

/** A word where a test should begin, or behind the protocol `after`. */
export function wordHint(word: string, after: string | undefined): string | undefined {
  const lower = word.toLowerCase();
  if (after !== undefined) return hintBehindProtocol(lower, after);
  if (reservedWords.has(lower)) return didYouMean(lower);
  const other = ownEntry(otherWords, lower);
  if (other !== undefined) return didYouMean(other);
  const test = ownEntry(otherTests, lower) ?? testOfConstant(lower);
  if (test !== undefined) return `write '${test}'`;
  if (services.has(lower)) return `write 'port ${lower}'`;
  const near = nearest(word, beginnings);
  return near === undefined ? oneWord(word) : didYouMean(near);
}

function hintBehindProtocol(lower: string, after: string): string | undefined {
  const test = testOfConstant(`${after}-${lower}`);
  if (test !== undefined) return `write '${test}'`;
  const other = ownEntry(otherWords, lower);
  const meant = qualifiers.includes(other?.split(' ')[0] as 'host') ? other : undefined;
  if (meant !== undefined) return didYouMean(meant);
  if (services.has(lower)) return undefined;
  const near = nearest(lower, qualifiers);
  return near === undefined ? undefined : didYouMean(near);
}

/** `icmp-echo` to the test that it is the value of. */
export function testOfConstant(name: string): string | undefined {
  if (!Object.hasOwn(namedConstants, name)) return undefined;
  const protocol = name.split('-')[0]!;
  if (protocol === name) return undefined;
  return protocol === 'tcp'
    ? `tcp[tcpflags] & ${name} != 0`
    : `${protocol}[${protocol}type] = ${name}`;
}

/** Names may hold dashes, so that `len-1` and `10-1` are names. */
export function oneWord(found: string | undefined): string | undefined {
  return found !== undefined && /.-./.test(found)
    ? `'${found}' is one word: write '${found.replaceAll('-', ' - ')}'`
    : undefined;
}
