/*
 * Just enough of C's lexical grammar to tell names in the code that we emit from the same words in
 * comments, in strings and as fields of structs.
 */

export type TokenKind = 'comment' | 'string' | 'directive' | 'number' | 'name' | 'space' | 'other';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

/** What each kind of token looks like; the first that fits. */
const TOKENS: readonly (readonly [kind: TokenKind, pattern: RegExp])[] = [
  ['comment', /\/\*[\s\S]*?\*\/|\/\/[^\n]*/],
  ['string', /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/],
  // The word alone; what follows is code.
  ['directive', /#[ \t]*[a-z]+/],
  ['number', /\.?[0-9][\w.]*/],
  ['name', /[A-Za-z_]\w*/],
  ['space', /\s+/],
  ['other', /->|##|[\s\S]/],
];
const TOKEN = new RegExp(
  TOKENS.map(([kind, { source }]) => `(?<${kind}>${source})`).join('|'),
  'gy',
);

/** All of a text, in order; joined they are the text again. */
export function tokensOf(text: string): Token[] {
  return Array.from(text.matchAll(TOKEN), ({ 0: token, groups }) => ({
    kind: TOKENS.find(([kind]) => groups![kind] !== undefined)![0],
    text: token,
  }));
}

/** A name where it stands for something declared at the top level: not a field after `.` or `->`. */
export interface Use {
  readonly at: number;
  readonly name: string;
  /** Behind `struct`, `union` or `enum`, which have their own names. */
  readonly isTag: boolean;
}

/** The names that a declaration uses or declares. */
export function usesIn(tokens: readonly Token[]): Use[] {
  const uses: Use[] = [];
  const bodies: boolean[] = [];
  let before: Token | undefined;
  let beforeThat: Token | undefined;
  tokens.forEach((token, at) => {
    if (token.kind === 'space' || token.kind === 'comment') return;
    if (token.text === '{') bodies.push(opensStruct(before, beforeThat));
    else if (token.text === '}') bodies.pop();
    else if (token.kind === 'name') {
      const isMember = before?.text === '.' || before?.text === '->';
      const mayBeField = before?.kind === 'name' || before?.text === '*' || before?.text === ',';
      const isField = bodies.at(-1) === true && mayBeField && FIELD_END.test(nextText(tokens, at));
      const isTag = TAG_WORD.test(before?.text ?? '');
      if (!isMember && !isField) uses.push({ at, name: token.text, isTag });
    }
    beforeThat = before;
    before = token;
  });
  return uses;
}

const TAG_WORD = /^(struct|union|enum)$/;
/** What can stand behind the name of a field where it is declared. */
const FIELD_END = /^[;,:[]$/;

/** `struct {` and `struct NAME {`. */
function opensStruct(before: Token | undefined, beforeThat: Token | undefined): boolean {
  return [before, beforeThat].some((token) => /^(struct|union)$/.test(token?.text ?? ''));
}

function nextText(tokens: readonly Token[], at: number): string {
  for (let next = at + 1; next < tokens.length; next++) {
    const { kind, text } = tokens[next]!;
    if (kind !== 'space' && kind !== 'comment') return text;
  }
  return '';
}
