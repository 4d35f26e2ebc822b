import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from '../1-parse/index.ts';
import { arbitraryAst, withoutSpans } from '../testing/arbitrary-ast.ts';
import { format } from './format.ts';

test('formatting and parsing gives the same AST', () => {
  fc.assert(
    fc.property(arbitraryAst(), (ast) => {
      const text = format(ast);
      const parsed = parse(text);
      expect({ text, messages: parsed.diagnostics }).toEqual({ text, messages: [] });
      expect(withoutSpans(parsed.ast)).toEqual(withoutSpans(ast));
      expect(format(parsed.ast)).toBe(text);
    }),
    { numRuns: 500 },
  );
});

test('what nests as deep as can be parsed is formatted no deeper', () => {
  for (const piece of ['1 % ', '- 1 % ', '1 ^ ', '1 - 2 * 3 % ', '- ']) {
    const text = `len = ${piece.repeat(200 / (piece.length / 2))}1`;
    const { ast, diagnostics } = parse(text);
    expect(diagnostics).toEqual([]);
    expect(withoutSpans(parse(format(ast)).ast)).toEqual(withoutSpans(ast));
  }
});

test.each([
  ['', ''],
  [' ip&&tcp || !udp ', 'ip and tcp or not udp'],
  ['((ip))', '((ip))'],
  ['src  or dst port http', 'src or dst port http'],
  ['dst and src host 1.2.3.4', 'src and dst host 1.2.3.4'],
  ['ip proto \\tcp or proto \\ospf', 'ip proto \\tcp or proto ospf'],
  ['net 10.0.0.0 / 8', 'net 10.0.0.0/8'],
  ['ether host 0102.030a.0B0C', 'ether host 01:02:03:0a:0B:0C'],
  ['ether host 0102030a0b0c', 'ether host 01:02:03:0a:0b:0c'],
  ['ether host 1-2-3-a-b-c', 'ether host 1:2:3:a:b:c'],
  ['ether host 1.2.3.a.b.c', 'ether host 1:2:3:a:b:c'],
  ['es-is or direction \\tods or lsu', 'esis or dir tods or lssu'],
  ['on em0 and rulenum 5', 'ifname em0 and rnr 5'],
  ['llc rulenum', 'llc rnr'],
  ['vlan (5)', 'vlan 5'],
  ['vpi = 5 or vci (6)', 'vpi 5 or vci 6'],
  ['wlan type mgt subtype beacon', 'type mgt subtype beacon'],
  ['length==0x64', 'len = 0x64'],
  ['tcp[tcpflags]&(tcp-syn|tcp-ack)==tcp-syn', 'tcp[tcpflags] & (tcp-syn | tcp-ack) = tcp-syn'],
  ['(len + 1) * (2 * 3) - (4) > 5', '(len + 1) * (2 * 3) - 4 > 5'],
  ['len = 7 % 4 + 1', 'len = 7 % (4 + 1)'],
  ['len = (7 % 4) + 1', 'len = (7 % 4) + 1'],
  ['len = -5 % 3', 'len = -(5 % 3)'],
  ['len = (-5) ^ 3', 'len = (-5) ^ 3'],
  ['len - 1 - - - 2 = 1', 'len - 1 - - -2 = 1'],
  ['len = -(2 * 3) - 4 - (5 - 6)', 'len = -(2 * 3) - 4 - (5 - 6)'],
])('%s is written as %s', (text, expected) => expect(format(parse(text).ast)).toBe(expected));
