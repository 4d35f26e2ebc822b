import fc from 'fast-check';
import { expect, test } from 'vitest';
import { format } from '../ast/format.ts';
import { arbitraryAst } from '../testing/arbitrary-ast.ts';
import { parse } from './index.ts';
import { maxDiagnostics } from './limits.ts';

const told = (text: string): string[] =>
  parse(text).diagnostics.map(({ code, span }) => `${text.slice(span.start, span.end)}: ${code}`);

test.each<[text: string, ...expected: string[]]>([
  [
    'fooo and len > 10-1 or port',
    'fooo: unknown-word',
    '10-1: expected-number',
    ': expected-identifier',
  ],
  // One mistake is told of once.
  ['(ip and', ': expected-test'],
  ['((ip or (tcp', '(: unclosed-parenthesis'],
  ['ip[0', ': expected-bracket'],
  ['port 80 443 444 and ip', '443: expected-operator'],
  ['host "a" and port', '"a": no-quotes', ': expected-identifier'],
  ['host § 80 ( ip', '§: bad-character'],
  ['ip) and tcp and', '): unopened-parenthesis', ': expected-test'],
  ['len = 08 and len = 09', '08: not-octal', '09: not-octal'],
  // A mistake inside of parentheses leaves what is outside of them alone.
  ['(tcp udp) and (ip arp) or icmp', 'udp: expected-operator', 'arp: expected-operator'],
  ['not (tcp or (ip and) or ip6 arp)', '): expected-test', 'arp: expected-operator'],
  ['port (80 or tcp) and (len > or 5)', 'tcp: expected-identifier', 'or: expected-number'],
  ['(len + (5 6) > 1) and port', '6: expected-parenthesis', ': expected-identifier'],
  // Identifiers that nothing before them explains, beside other mistakes only: else phase 2 tells.
  ['tcp or 80', ''],
  ['tcp or 80 and port', '80: bare-identifier', ': expected-identifier'],
  ['port and 80', 'and: expected-identifier'],
])('%s', (text, ...expected) => expect(told(text)).toEqual(expected.filter(Boolean)));

test('mistakes are told up to a limit', () => {
  for (const mistake of [
    '§ and ',
    'port and ',
    ') ',
    '= or ',
    '"a" ',
    'ip arp or ',
    '08 > 1 or ',
  ]) {
    expect([mistake, parse(mistake.repeat(500)).diagnostics.length]).toEqual([
      mistake,
      maxDiagnostics,
    ]);
  }
});

/** What takes longest in a lexer that tries again, or in a parser that does. */
const monsters: readonly ((length: number) => string)[] = [
  ...[
    ':',
    'a',
    'a:',
    '1',
    '1.',
    'a-',
    '-',
    '(',
    ')',
    '[',
    ']',
    '"',
    '“',
    '#',
    '\\',
    '$',
    '§ ',
    '!',
  ],
  ...['not ', '= or ', 'ip[', '( ] and ', '::1 ', 'host or ', 'src or ', 'port (', '1:2:3:4:5:6'],
].map((piece) => (length: number) => piece.repeat(length / piece.length));

/** The fastest of some runs: the machine may have other things to do in the others. */
function milliseconds(text: string, runs: number): number {
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    parse(text);
    return performance.now() - start;
  });
  return Math.min(...times);
}

test('no text of a kilobyte takes long', () => {
  for (const monster of monsters) {
    const text = monster(1000);
    expect([text.slice(0, 10), milliseconds(text, 3) < 100]).toEqual([text.slice(0, 10), true]);
  }
});

test('a hundred times the text takes about a hundred times as long', () => {
  for (const monster of monsters) {
    const text = monster(100_000);
    expect([text.slice(0, 10), milliseconds(text, 2) < 1500]).toEqual([text.slice(0, 10), true]);
  }
});

test('any text gets an answer, with places inside of it', () => {
  const pieces = fc.constantFrom(
    ...[
      'ip',
      'tcp',
      'port',
      'src',
      'dst',
      'and',
      'or',
      'not',
      '(',
      ')',
      '[',
      ']',
      '80',
      '10.0.0.1',
    ],
    ...[
      'fe80::1',
      '1:2:3:4:5:6',
      'len',
      '=',
      '<',
      '&',
      '-',
      '/',
      ':',
      '\\',
      '$0e',
      'vlan',
      'vpi',
      'foo',
    ],
    ...[
      'type',
      'subtype',
      'llc',
      'rnr',
      'byte',
      'mask',
      '"',
      '#',
      '§',
      '\n',
      'proto',
      'host',
      'less',
    ],
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.array(pieces, { maxLength: 15 }).map((words) => words.join(' ')),
    fc.array(pieces, { maxLength: 15 }).map((words) => words.join('')),
    // One word of a right filter in a wrong place.
    fc.tuple(arbitraryAst(), pieces, fc.nat()).map(([ast, piece, at]) => {
      const words = format(ast).split(' ');
      words.splice(at % (words.length + 1), 1, piece);
      return words.join(' ');
    }),
  );
  fc.assert(
    fc.property(text, (given) => {
      const { ast, diagnostics } = parse(given);
      if (diagnostics.length > 0) expect(ast).toBeUndefined();
      for (const { span, message, hint } of diagnostics) {
        expect(span.start >= 0 && span.start <= span.end && span.end <= given.length).toBe(true);
        expect(message).not.toMatch(/undefined|NaN|\.$/);
        expect(hint ?? '').not.toMatch(/undefined|NaN/);
      }
    }),
    { numRuns: 2000 },
  );
});
