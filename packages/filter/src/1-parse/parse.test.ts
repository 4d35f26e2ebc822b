import { expect, test } from 'vitest';
import type { Arithmetic } from '../ast/types.ts';
import { compile } from '../compile.ts';
import { FilterGrammar } from './grammar.ts';
import { parse } from './index.ts';
import { lex } from './lex.ts';

test('chevrotain finds nothing wrong with the vocabulary and the grammar', () => {
  // Production skips these checks, which cost milliseconds at every start.
  expect(() => new FilterGrammar({ skipValidations: false })).not.toThrow();
});

const kinds = (text: string): string =>
  lex(text)
    .tokens.map(({ tokenType, image }) => `${tokenType.name}:${image}`)
    .join(' ');

test.each([
  ['tcp-syn', 'Number:tcp-syn'],
  ['tcp-synx', 'Name:tcp-synx'],
  ['tcp-', 'Protocol:tcp Minus:-'],
  ['icmp6-echoreply', 'Number:icmp6-echoreply'],
  ['ipx ip rarp ra', 'Protocol:ipx Protocol:ip Protocol:rarp WlanAddress:ra'],
  ['10-1', 'Name:10-1'],
  ['10 -1', 'Number:10 Minus:- Number:1'],
  ['1.2.3', 'Ipv4:1.2.3'],
  ['1.2.3.4.5', 'Name:1.2.3.4.5'],
  ['1.2.3.a.b.c', 'Mac:1.2.3.a.b.c'],
  ['012345670123', 'Mac:012345670123'],
  ['0012345670123', 'Number:0012345670123'],
  ['fe80::1', 'Ipv6:fe80::1'],
  ['::ffff:1.2.3.4', 'Ipv6:::ffff:1.2.3.4'],
  ['1:2:3:a:b:c', 'Mac:1:2:3:a:b:c'],
  ['ip[0:2]', 'Protocol:ip OpenBracket:[ Number:0 Colon:: Number:2 CloseBracket:]'],
  ['\\tcp', 'Name:\\tcp'],
  ['!=!', 'RelationSign:!= Not:!'],
  ['<<<', 'ArithSign:<< RelationSign:<'],
  ['&&&', 'And:&& ArithSign:&'],
])('the longest match wins: %s', (text, expected) => expect(kinds(text)).toBe(expected));

/** An arithmetic expression with all its parentheses. */
function grouped(arithmetic: Arithmetic): string {
  switch (arithmetic.kind) {
    case 'number':
      return String(arithmetic.value);
    case 'binary':
      return `(${grouped(arithmetic.left)}${arithmetic.op}${grouped(arithmetic.right)})`;
    case 'negate':
      return `(-${grouped(arithmetic.operand)})`;
    default:
      return arithmetic.kind;
  }
}

test.each([
  ['1 + 2 * 3', '(1+(2*3))'],
  ['1 - 2 - 3', '((1-2)-3)'],
  ['1 | 2 & 3 << 4 + 5', '(1|(2&(3<<(4+5))))'],
  ['8 / 4 % 3', '(8/(4%3))'],
  ['7 % 4 + 1', '(7%(4+1))'],
  ['10 - 3 % 2 - 1', '(10-(3%(2-1)))'],
  ['6 & 3 ^ 1 + 1', '(6&(3^(1+1)))'],
  ['-5 % 3', '(-(5%3))'],
  ['-5 + 3', '((-5)+3)'],
  ['- - 5', '(-(-5))'],
  ['2 * (3 + 4)', '(2*(3+4))'],
])('%s binds as in libpcap', (text, expected) => {
  const { ast } = parse(`${text} = 0`);
  expect(ast?.kind === 'relation' && grouped(ast.left)).toBe(expected);
});

const nested: [what: string, text: (levels: number) => string][] = [
  ['(', (n) => `${'('.repeat(n)}ip${')'.repeat(n)}`],
  ['[', (n) => `${'ip['.repeat(n)}0${']'.repeat(n)} = 0`],
  ['not', (n) => `${'not '.repeat(n)}ip`],
  ['!', (n) => `${'!'.repeat(n)}ip`],
  ['not after qualifiers', (n) => `tcp port ${'not '.repeat(n)}80`],
  ['not and (', (n) => `${'not ('.repeat(n / 2)}${'('.repeat(n % 2)}ip${')'.repeat(n - (n >> 1))}`],
  ['unary minus', (n) => `len = ${'- '.repeat(n)}1`],
  ['+', (n) => `len${' + 1'.repeat(n)} = 1`],
  ['+ of loads', (n) => `ip[0 + 1]${' + ip[0]'.repeat(n - 2)} * (1) = 1`],
];

test.each(nested)('%s nests as deep as the limit says', (_, text) => {
  expect(parse(text(200)).diagnostics).toEqual([]);
  for (const levels of [201, 20_000]) {
    expect(parse(text(levels)).diagnostics[0]?.code).toBe('too-deep');
  }
});

test('what nests as deep as the limit says goes through all phases', () => {
  for (const [what, text] of nested)
    expect([what, compile(text(200), { linkType: 'EN10MB' }).ok]).toEqual([what, true]);
});

test('chains have no limit', () => {
  const long = Array.from({ length: 20_000 }, (_, i) => `port ${i}`).join(' or not not ');
  expect(parse(long).diagnostics).toEqual([]);
  const sums = Array.from({ length: 20_000 }, (_, i) => `len - ${i} + 1 > -5`).join(' and ! ');
  expect(parse(sums).diagnostics).toEqual([]);
});
