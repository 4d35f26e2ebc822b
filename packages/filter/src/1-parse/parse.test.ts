import { expect, test } from 'vitest';
import { formatExpression } from '../ast/format.ts';
import { printAst } from '../ast/print.ts';
import type { Arithmetic } from '../ast/types.ts';
import { FilterGrammar } from './grammar.ts';
import { parse } from './index.ts';

test('chevrotain finds nothing wrong with the grammar', () => {
  // Production skips these checks, which cost milliseconds at every start.
  expect(() => new FilterGrammar({ skipValidations: false })).not.toThrow();
});

const outline = (text: string): string => {
  const { ast, diagnostics } = parse(text);
  expect(diagnostics).toEqual([]);
  return printAst(ast).trimEnd().replace(/\n/g, ' | ').replace(/ +/g, ' ');
};

test.each([
  ['', '(empty)'],
  [' \t\n', '(empty)'],
  ['ip', 'protocol ip'],
  ['((ip))', 'group | group | protocol ip'],
  ['not not ip', 'not | not | protocol ip'],
  ['ip or arp and tcp', 'chain | protocol ip | or | protocol arp | and | protocol tcp'],
  ['tcp dst port 80 or 443', 'chain | primitive tcp (dst) port | number 80 | or | number 443'],
  ['port (80 or not 443)', 'primitive port | group | chain | number 80 | or | not | number 443'],
  ['host (10)', 'primitive host | group | number 10'],
  ['src 1.2.3.4', 'primitive (src) | ipv4 1.2.3.4'],
  ['dst or src net 1.2/16', 'primitive (src or dst) net | ipv4 1.2/16'],
  ['net 1.2 mask 255.255', 'primitive net | ipv4 1.2 mask 255.255'],
  ['ip6 net fe80::/10', 'primitive ip6 net | ipv6 fe80::/10'],
  ['wlan address2 1:2:3:4:5:6', 'primitive wlan (addr2) | mac 1:2:3:4:5:6'],
  ['ta host 1:2:3:4:5:6', 'primitive (ta) host | mac 1:2:3:4:5:6'],
  ['link src $1', 'primitive link (src) | mac8 $1'],
  ['decnet src 10.123', 'primitive decnet (src) | ipv4 10.123'],
  ['ip proto \\tcp', 'primitive ip proto | name tcp'],
  ['protochain tcp-syn', 'primitive protochain | number tcp-syn'],
  ['gateway a', 'primitive gateway | name a'],
  ['is-is proto 15', 'primitive isis proto | number 15'],
  ['broadcast', 'cast broadcast'],
  ['ip6 multicast', 'cast ip6 multicast'],
  ['inbound or hlssu', 'chain | word inbound | or | word hlssu'],
  ['vlan and mpls 5', 'chain | encapsulation vlan | and | encapsulation mpls 5'],
  ['vlan ((5))', 'encapsulation vlan 5'],
  ['pppoed', 'encapsulation pppoed'],
  ['ifindex 2', 'ifindex ifindex 2'],
  ['byte 0 == 1', 'byte-test byte 0 = 1'],
  ['byte 0 | 1', 'byte-test byte 0 | 1'],
  ['less 5', 'less 5'],
  ['llc', 'llc llc'],
  ['llc I', 'llc llc I'],
  ['llc rulenum and llc', 'chain | llc llc rnr | and | llc llc'],
  ['type 4', 'wlan-type type 4'],
  ['tcp type data subtype data', 'wlan-type type data subtype data'],
  ['wlan subtype ack', 'wlan-type subtype ack'],
  ['direction 3', 'wlan-direction dir 3'],
  ['on em0', 'pf ifname em0'],
  ['ruleset \\tcp', 'pf rset \\tcp'],
  ['srnr 5', 'pf srnr 5'],
  ['reason 3', 'pf reason 3'],
  ['reason match', 'pf reason match'],
  ['action pass', 'pf action pass'],
  ['vpi 5', 'field vpi 5'],
  ['opc != 5', 'field opc != 5'],
  ['hsls (5 or 6 || 7)', 'field hsls (5 or 6 or 7)'],
  ['radio[0] = 1', 'relation radio[0:1] = 1'],
  ['(len + 1) * 2 == tcp[(12):2]', 'relation ((len + 1) * 2) = tcp[12:2]'],
  ['port 80 or (443) > len', 'chain | primitive port | number 80 | or | relation 443 > len'],
  ['port 80 or (443)', 'chain | primitive port | number 80 | or | group | number 443'],
])('%s', (text, expected) => expect(outline(text)).toBe(expected));

test.each([
  ...['()', 'link and', 'ip 1.2.3.4', 'foo', '1.2.3.4', '\\lldp', 'not 80', '(80)', 'tcp (80)'],
  ...[
    'dst tcp port 80',
    'port dst 80',
    'src or src host 1.2.3.4',
    'src or ra 1.2.3.4',
    'host net 10',
  ],
  ...['src proto 1', 'dst protochain 1', 'src gateway a', 'tcp udp port 80', 'host', 'src'],
  ...['port ((80 or 81))', 'host ((1.2.3.4))', 'port 80 or ((443 or 444) or 445)'],
  ...[
    'port (80 or tcp)',
    'port (80 or port 443)',
    'port ()',
    'port 80 443',
    'host not',
    'net 10/8',
  ],
  ...[
    'net ::1 mask 255.0',
    'net 10.0/8/8',
    'net 10.0/8 mask 255.0',
    'net 10 mask 255',
    'net 10.0/1.2',
  ],
  ...[
    'less (100)',
    'greater tcp',
    'ifindex (2)',
    'rnr (5)',
    'rnr a',
    'byte (0) = 1',
    'byte 0 != 1',
  ],
  ...['byte 0 >= 1', 'byte 0 = (1)', 'vlan (5 or 6)', 'vlan ()', 'pppoed 1', 'llc 3', 'llc srnr'],
  ...['type', 'type (4)', 'subtype 0', 'subtype', 'type 4 and subtype 4', 'dir', 'dir tods 4'],
  ...['action 1', 'action', 'ifname 1.2', 'on', 'reason', 'reason 1.2', 'inbound 1', 'ip inbound'],
  ...['vpi', 'vpi (5 and 6)', 'vpi ((5))', 'vpi (> 5)', 'vpi > (5)', 'vpi (5 or)', 'tcp vpi 5'],
  ...['1 < len < 5', 'tcp[13] & 2', 'len', '(len)', 'len = 10-1', 'len = ~1', 'len = +1', '5'],
  ...[
    'ip[0:(2)] = 1',
    'ip[0:len] = 1',
    'ip[] = 1',
    'ip[0 = 1',
    'len[0] = 1',
    'tcp = 5',
    'len = tcp',
  ],
  ...['(len) = 5)', '((len) = 5', 'ip and (len + 5', 'ip ip', 'mask', 'len = "5"', 'ip # x'],
])('%s is refused', (text) => {
  expect(parse(text).ast).toBeUndefined();
  expect(parse(text).diagnostics.length).toBeGreaterThan(0);
});

test('every node has its place', () => {
  const text = 'not (ip dst host 1.2.3.4 mask 255.0 or 5) and vlan (5) or -ip[2:2] + (1) > 7';
  const { ast } = parse(text);
  const shown: string[] = [];
  const visit = (value: unknown, name: string): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, member] of Object.entries(value)) {
      if (key === 'span' || key === 'sizeSpan') {
        shown.push(
          `${name}${key === 'span' ? '' : '.size'}: ${text.slice(member.start, member.end)}`,
        );
      } else visit(member, key === 'first' || /^\d+$/.test(key) ? name : key);
    }
  };
  visit(ast, 'all');
  expect(shown).toMatchInlineSnapshot(`
    [
      "qualifiers: ip dst host",
      "id: 1.2.3.4 mask 255.0",
      "ids: 1.2.3.4 mask 255.0",
      "inner: ip dst host 1.2.3.4 mask 255.0",
      "id: 5",
      "operand: 5",
      "inner: ip dst host 1.2.3.4 mask 255.0 or 5",
      "operand: (ip dst host 1.2.3.4 mask 255.0 or 5)",
      "all: not (ip dst host 1.2.3.4 mask 255.0 or 5)",
      "value: 5",
      "operand: vlan (5)",
      "offset: 2",
      "operand.size: 2",
      "operand: ip[2:2]",
      "left: -ip[2:2]",
      "right: (1)",
      "left: -ip[2:2] + (1)",
      "right: 7",
      "operand: -ip[2:2] + (1) > 7",
      "all: not (ip dst host 1.2.3.4 mask 255.0 or 5) and vlan (5) or -ip[2:2] + (1) > 7",
    ]
  `);
});

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
  ['( after qualifiers', (n) => `port ${'('.repeat(n)}80${')'.repeat(n)}`],
  ['( around a number', (n) => `vlan ${'('.repeat(n)}80${')'.repeat(n)}`],
  ['not and (', (n) => `${'not ('.repeat(n / 2)}${'('.repeat(n % 2)}ip${')'.repeat(n - (n >> 1))}`],
  ['unary minus', (n) => `len = ${'- '.repeat(n)}1`],
  ['+', (n) => `len${' + 1'.repeat(n)} = 1`],
  ['+ of loads', (n) => `ip[0 + 1]${' + ip[0]'.repeat(n - 2)} * (1) = 1`],
];

test.each(nested)('%s nests as deep as the limit says', (_, text) => {
  const { ast, diagnostics } = parse(text(200));
  expect(diagnostics).toEqual([]);
  expect(parse(formatExpression(ast!)).diagnostics).toEqual([]);
  for (const levels of [201, 20_000]) {
    expect(parse(text(levels)).diagnostics[0]?.code).toBe('too-deep');
  }
});

test('chains have no limit', () => {
  const long = Array.from({ length: 20_000 }, (_, i) => `port ${i}`).join(' or not not ');
  expect(parse(long).diagnostics).toEqual([]);
  const sums = Array.from({ length: 20_000 }, (_, i) => `len - ${i} + 1 > -5`).join(' and ! ');
  expect(parse(sums).diagnostics).toEqual([]);
});
