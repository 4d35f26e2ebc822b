import { createToken, Lexer, type TokenType } from 'chevrotain';
import { namedConstants } from '../tables/constants.ts';
import { etherTypes, transportProtocols } from '../tables/protocols.ts';
import { words } from '../tables/words.ts';

/**
 * The vocabulary, after libpcap's scanner.l. There, the longest match wins and a name may hold
 * dashes and dots, so that `tcp-syn`, `10-1` and `1.2.3.4.example` are one word each. Here the
 * first matching token wins, so whatever could be the beginning of a longer name says that it is
 * not: that is `whole`.
 */
const whole = (pattern: string): RegExp =>
  new RegExp(`(?:${pattern})(?![-_.A-Za-z0-9]*[.A-Za-z0-9])`);

const oneOf = (list: readonly string[]): RegExp =>
  whole([...list].sort((a, b) => b.length - a.length).join('|'));

const hexByte = '[0-9a-fA-F]{1,2}';
const group = '[0-9a-fA-F]{1,4}';
const number = '0[xX][0-9a-fA-F]+|[0-9]+';
const ipv4Tail = '[0-9]{1,3}(?:\\.[0-9]{1,3}){3}';
const groups = `${group}(?::${group}){0,7}`;

export const Space = createToken({ name: 'Space', pattern: /[ \t\r\n]+/, group: Lexer.SKIPPED });

// An address with `::` in it, or with eight groups; phase 2 checks the rest.
export const Ipv6 = createToken({
  name: 'Ipv6',
  pattern: new RegExp(
    `(?:${groups})?::(?:(?:${group}:){0,6}${ipv4Tail}|${groups}|)|(?:${group}:){6}${ipv4Tail}|(?:${group}:){7}${group}`,
  ),
  start_chars_hint: [...'0123456789abcdefABCDEF:'],
});
export const Mac = createToken({
  name: 'Mac',
  pattern: whole(
    [
      ...[':', '-', '\\.'].map((sign) => `${hexByte}(?:${sign}${hexByte}){5}`),
      '[0-9a-fA-F]{4}(?:\\.[0-9a-fA-F]{4}){2}',
      '[0-9a-fA-F]{12}',
    ].join('|'),
  ),
  start_chars_hint: [...'0123456789abcdefABCDEF'],
});
export const Ipv4 = createToken({
  name: 'Ipv4',
  pattern: whole(`(?:${number})(?:\\.(?:${number})){1,3}`),
  start_chars_hint: [...'0123456789'],
});
export const NumberToken = createToken({
  name: 'Number',
  pattern: whole(number),
  start_chars_hint: [...'0123456789'],
});
export const Constant = createToken({
  name: 'Constant',
  pattern: oneOf(Object.keys(namedConstants)),
});

export const RelationSign = createToken({
  name: 'RelationSign',
  pattern: /==|!=|>=|<=|=|>(?!>)|<(?!<)/,
});
export const And = createToken({ name: 'And', pattern: new RegExp(`&&|${oneOf(['and']).source}`) });
export const Or = createToken({
  name: 'Or',
  pattern: new RegExp(`\\|\\||${oneOf(['or']).source}`),
});
export const Not = createToken({ name: 'Not', pattern: new RegExp(`!|${oneOf(['not']).source}`) });
export const Minus = createToken({ name: 'Minus', pattern: '-' });
export const Slash = createToken({ name: 'Slash', pattern: '/' });
/** The arithmetic signs that have no other use. */
export const ArithSign = createToken({ name: 'ArithSign', pattern: /<<|>>|[+*%&|^]/ });
export const Open = createToken({ name: 'Open', pattern: '(' });
/** A parenthesis inside a number rather than around tests: `classifyParentheses` tells. */
export const ArithOpen = createToken({ name: 'ArithOpen', pattern: Lexer.NA });
export const Close = createToken({ name: 'Close', pattern: ')' });
export const OpenBracket = createToken({ name: 'OpenBracket', pattern: '[' });
export const CloseBracket = createToken({ name: 'CloseBracket', pattern: ']' });
export const Colon = createToken({ name: 'Colon', pattern: ':' });

export const Protocol = createToken({
  name: 'Protocol',
  pattern: oneOf([...Object.keys(etherTypes), ...Object.keys(transportProtocols), ...words.links]),
});
export const Type = createToken({ name: 'Type', pattern: oneOf(words.types) });
export const Direction = createToken({ name: 'Direction', pattern: oneOf(words.directions) });
export const Length = createToken({ name: 'Length', pattern: oneOf(words.lengths) });
export const LengthTest = createToken({ name: 'LengthTest', pattern: oneOf(words.lengthTests) });
export const Mask = createToken({ name: 'Mask', pattern: oneOf(['mask']) });
/** A word of the language that is not supported yet. */
export const Unsupported = createToken({ name: 'Unsupported', pattern: oneOf(words.unsupported) });

export const Name = createToken({
  name: 'Name',
  pattern: /[A-Za-z0-9](?:[-_.A-Za-z0-9]*[.A-Za-z0-9])?/,
});
/** `\name`: a name even where it is spelt like a keyword. */
export const EscapedName = createToken({ name: 'EscapedName', pattern: /\\[^ !()\n\t]+/ });

/** In the order in which they are tried. */
export const vocabulary: TokenType[] = [
  Space,
  Ipv6,
  Mac,
  Ipv4,
  NumberToken,
  Constant,
  RelationSign,
  And,
  Or,
  Not,
  Minus,
  Slash,
  ArithSign,
  Open,
  ArithOpen,
  Close,
  OpenBracket,
  CloseBracket,
  Colon,
  Protocol,
  Type,
  Direction,
  Length,
  LengthTest,
  Mask,
  Unsupported,
  Name,
  EscapedName,
];
