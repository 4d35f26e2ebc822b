import { expect, test } from 'vitest';
import { reservedWords } from '../tables/words.ts';
import { joinPhrases } from './join-phrases.ts';
import { lex } from './lex.ts';
import { keywords } from './tokens.ts';

const kinds = (text: string): string =>
  joinPhrases(text, lex(text).tokens)
    .map(({ tokenType, image }) => `${tokenType.name}:${image}`)
    .join(' ');

test('every reserved word has its kind of token', () => {
  expect([...keywords.keys()].sort()).toEqual([...reservedWords].sort());
});

test.each([
  // Words.
  ['tcp-syn', 'Number:tcp-syn'],
  ['tcp-synx', 'Name:tcp-synx'],
  ['tcp-', 'Protocol:tcp ArithSign:-'],
  ['icmp6-echoreply', 'Number:icmp6-echoreply'],
  ['TCP', 'Name:TCP'],
  ['ipx ip rarp ra', 'Protocol:ipx Protocol:ip Protocol:rarp Direction:ra'],
  ['es-is is-is es-isx', 'Protocol:es-is Protocol:is-is Name:es-isx'],
  ['a.b-c_d.', 'Name:a.b-c_d.'],
  ['\\tcp', 'Name:\\tcp'],
  ['\\tcp||udp', 'Name:\\tcp||udp'],
  ['\\a(b', 'Name:\\a Open:( Name:b'],
  ['ip\n\tand\r\n tcp', 'Protocol:ip AndOr:and Protocol:tcp'],
  ['constructor toString', 'Name:constructor Name:toString'],
  // Numbers.
  ['10-1', 'Name:10-1'],
  ['10 -1', 'Number:10 ArithSign:- Number:1'],
  ['0x1F 0X1f 0x', 'Number:0x1F Number:0X1f Name:0x'],
  ['012345670123', 'Mac:012345670123'],
  ['0012345670123', 'Number:0012345670123'],
  ['80-90', 'Name:80-90'],
  // Addresses.
  ['1.2', 'Ipv4:1.2'],
  ['1.2.3', 'Ipv4:1.2.3'],
  ['1.2.3.0x4', 'Ipv4:1.2.3.0x4'],
  ['1.2.3.', 'Name:1.2.3.'],
  ['1.2.3.4.5', 'Name:1.2.3.4.5'],
  ['1.2.3.4/24', 'Ipv4:1.2.3.4 ArithSign:/ Number:24'],
  ['1.2.3.a.b.c', 'Mac:1.2.3.a.b.c'],
  ['1-2-3-a-b-c', 'Mac:1-2-3-a-b-c'],
  ['1-2-3-a-b-c-d', 'Name:1-2-3-a-b-c-d'],
  ['1:2:3:a:b:c', 'Mac:1:2:3:a:b:c'],
  ['1:2:3:4:5:678', 'Mac:1:2:3:4:5:67 Number:8'],
  ['0102.030a.0b0c', 'Mac:0102.030a.0b0c'],
  ['0102030a0b0c', 'Mac:0102030a0b0c'],
  ['$e $0e', 'Mac:$e Mac:$0e'],
  ['::', 'Ipv6:::'],
  ['fe80::1', 'Ipv6:fe80::1'],
  ['::ffff:1.2.3.4', 'Ipv6:::ffff:1.2.3.4'],
  ['1:2:3:4:5:6:1.2.3.4', 'Ipv6:1:2:3:4:5:6:1.2.3.4'],
  ['1:2:3:4:5:6:7:8', 'Ipv6:1:2:3:4:5:6:7:8'],
  ['1:2:3:4:5:6:7::', 'Ipv6:1:2:3:4:5:6:7::'],
  ['1:2::', 'Ipv6:1:2::'],
  ['::12345', 'Ipv6:::1234 Number:5'],
  ['12345::1', 'Number:12345 Ipv6:::1'],
  ['::1or tcp', 'Ipv6:::1 AndOr:or Protocol:tcp'],
  ['ip[0:2]', 'Protocol:ip OpenBracket:[ Number:0 Colon:: Number:2 CloseBracket:]'],
  // Signs and phrases.
  ['!=!', 'RelationSign:!= Not:!'],
  ['<<<', 'ArithSign:<< RelationSign:<'],
  ['&&&', 'AndOr:&& ArithSign:&'],
  ['===', 'RelationSign:== RelationSign:='],
  ['src or dst port', 'Direction:src or dst AddressType:port'],
  ['dst && src', 'Direction:dst && src'],
  ['src or src', 'Direction:src AndOr:or Direction:src'],
  ['src or ra', 'Direction:src AndOr:or Direction:ra'],
  ['llc rnr rnr', 'Llc:llc Name:rnr NumberWord:rnr'],
  ['llc srnr', 'Llc:llc NumberWord:srnr'],
])('the longest match wins: %s', (text, expected) => {
  expect(kinds(text)).toBe(expected);
  expect(lex(text).diagnostics).toEqual([]);
});

test.each([
  ['len = 4294967295', undefined],
  ['len = 4294967296', 'number-too-large'],
  ['len = 0x100000000', 'number-too-large'],
  ['len = 037777777777', undefined],
  ['len = 0040000000000', 'number-too-large'],
  ['len = 08', 'not-octal'],
  ['1:2:3:4:5', 'bad-address'],
  ['1:2:3:4:5:6:7:8:9', 'bad-address'],
  ['12::1:', 'bad-address'],
  ['$', 'bad-address'],
  ['$1234', 'bad-address'],
  ['ip\fand tcp', 'bad-character'],
  ['_x', 'bad-character'],
  ['\\', 'bad-escape'],
])('%s: %s', (text, code) => expect(lex(text).diagnostics[0]?.code).toBe(code));
