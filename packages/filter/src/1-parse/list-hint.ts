import { words } from '../tables/words.ts';

/** Further than this from a comma no words are looked for: it keeps the time linear. */
const longest = 100;

const wordChars = '[-.:/\\\\0-9A-Za-z]+';
const left = new RegExp(`(?:(${wordChars})\\s+)?((?:${wordChars}\\s*,\\s*)*${wordChars})\\s*$`);
const right = new RegExp(`^\\s*(${wordChars}(?:\\s*,\\s*${wordChars})*)`);

/** Words that `or` joins as they are: directions make one, protocols are tests. */
const joined: ReadonlySet<string> = new Set([...words.directions, ...words.protocols]);

/** Words that a list in parentheses may follow. */
const heads: ReadonlySet<string> = new Set([...words.types, ...words.directions]);

/** `port 80,443` is `port (80 or 443)`, `src,dst` is `src or dst`: what a comma was meant to say. */
export function listHint(text: string, comma: number): string | undefined {
  const before = left.exec(text.slice(Math.max(0, comma - longest), comma));
  const after = right.exec(text.slice(comma + 1, comma + 1 + longest));
  if (before === null || after === null) return undefined;
  const [, head, first] = before;
  const members = `${first},${after[1]}`.split(',').map((member) => member.trim());
  if (members.every((member) => joined.has(member)))
    return `did you mean '${members.join(' or ')}'?`;
  if (head === undefined || !heads.has(head)) return undefined;
  return `several of a kind are joined by 'or': '${head} (${members.join(' or ')})'`;
}
