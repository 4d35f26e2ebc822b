import { expect, test } from 'vitest';
import { parse } from '../1-parse/index.ts';
import { printPredicate } from '../predicate/print.ts';
import { type AnalyzeOptions, analyze } from './index.ts';

const hardware = [0x00, 0x1b, 0x21, 0x3c, 0x9d, 0xf8];
const options: AnalyzeOptions = {
  netmask: 0xffffff00,
  names: {
    hosts: new Map([
      [
        'both',
        {
          ipv4: [0x0a000002, 0x0a000001],
          ipv6: [
            [1, 0, 0, 2],
            [1, 0, 0, 1],
          ],
        },
      ],
      ['four', { ipv4: [0xc0000201], ipv6: [] }],
      ['six', { ipv4: [], ipv6: [[0x20010db8, 0, 0, 1]] }],
    ]),
    networks: new Map([['lab', 0x0a14]]),
    ports: new Map([
      ['only-tcp', { tcp: 10 }],
      ['only-udp', { udp: 20 }],
      ['alike', { tcp: 30, udp: 30 }],
      ['unlike', { tcp: 41, udp: 40 }],
      ['a', { tcp: 50 }],
      ['b', { udp: 60 }],
    ]),
    ethers: new Map([
      ['four', hardware],
      ['six', hardware],
    ]),
    protocols: new Map([['own', 253]]),
  },
};

const lines = (text: string, more?: AnalyzeOptions): string[] => {
  const { ast, diagnostics } = parse(text);
  expect(diagnostics).toEqual([]);
  const analyzed = analyze(ast, { ...options, ...more });
  if (analyzed.predicate === undefined) {
    return analyzed.diagnostics.map(({ code, span }) => {
      return `${code}: ${text.slice(span.start, span.end)}`;
    });
  }
  return printPredicate(analyzed.predicate)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
};

const ports = '132, 6, 17';
const allFour = '0xffffffff 0xffffffff 0xffffffff 0xffffffff';

const meanings: [text: string, ...predicate: string[]][] = [
  ['', 'always'],
  // Qualifiers that identifiers take on (EXP-04 to EXP-08).
  [
    'tcp dst port 80 or 443',
    'dst port 80 to 80 of IP protocol 6',
    'or',
    'dst port 443 to 443 of IP protocol 6',
  ],
  [
    'not port 80 and 443',
    'not',
    `src or dst port 80 to 80 of IP protocol ${ports}`,
    'and',
    `src or dst port 443 to 443 of IP protocol ${ports}`,
  ],
  [
    'udp port 80 or (src host 1.2.3.4) or 443',
    'src or dst port 80 to 80 of IP protocol 17',
    'or',
    'src 0x01020304 & 0xffffffff in ip, arp, rarp',
    'or',
    'src or dst port 443 to 443 of IP protocol 17',
  ],
  [
    'udp port (80 or not 81)',
    'src or dst port 80 to 80 of IP protocol 17',
    'or',
    'not',
    'src or dst port 81 to 81 of IP protocol 17',
  ],
  // Hosts and networks.
  ['host 1.2.3', 'src or dst 0x01020300 & 0xffffff00 in ip, arp, rarp'],
  ['src 10', 'src 0x0000000a & 0xffffffff in ip, arp, rarp'],
  ['ip net 10', 'src or dst 0x0a000000 & 0xff000000 in ip'],
  ['net 0', 'src or dst 0x00000000 & 0xffffffff in ip, arp, rarp'],
  ['dst net 10.0/8', 'dst 0x0a000000 & 0xff000000 in ip, arp, rarp'],
  ['net 0.0.0.0/0', 'src or dst 0x00000000 & 0x00000000 in ip, arp, rarp'],
  ['net 10.0.0.1 mask 255.0.0.1', 'src or dst 0x0a000001 & 0xff000001 in ip, arp, rarp'],
  [
    'net fe80::/10',
    'src or dst 0xfe800000 0x00000000 0x00000000 0x00000000 & 0xffc00000 0x00000000 0x00000000 0x00000000',
  ],
  ['ip6 src ::1/128', `src 0x00000000 0x00000000 0x00000000 0x00000001 & ${allFour}`],
  ['rarp net lab', 'src or dst 0x0a140000 & 0xffff0000 in rarp'],
  // IPv4 and then IPv6, each in order, and one of them behind a word for one (HST-05).
  [
    'host both',
    'src or dst 0x0a000001 & 0xffffffff in ip, arp, rarp',
    'or',
    'src or dst 0x0a000002 & 0xffffffff in ip, arp, rarp',
    'or',
    `src or dst 0x00000001 0x00000000 0x00000000 0x00000001 & ${allFour}`,
    'or',
    `src or dst 0x00000001 0x00000000 0x00000000 0x00000002 & ${allFour}`,
  ],
  ['arp host four', 'src or dst 0xc0000201 & 0xffffffff in arp'],
  ['ip6 host six', `src or dst 0x20010db8 0x00000000 0x00000000 0x00000001 & ${allFour}`],
  ['ip host six', 'unknown-name: six'],
  ['ip6 host four', 'unknown-name: four'],
  // Hardware addresses.
  ['ether host 1:2:3:a:b:c', 'src or dst hardware address 01:02:03:0a:0b:0c'],
  ['wlan addr3 0102.030a.0b0c', 'addr3 hardware address 01:02:03:0a:0b:0c'],
  ['link dst $e', 'dst hardware address 0e'],
  ['ether src four', 'src hardware address 00:1b:21:3c:9d:f8'],
  ['ether src both', 'unknown-name: both'],
  ['gateway four', 'gateway 00:1b:21:3c:9d:f8, not 0xc0000201 in ip, arp, rarp'],
  ['arp gateway four', 'gateway 00:1b:21:3c:9d:f8, not 0xc0000201 in arp'],
  ['gateway six', 'unknown-name: six'],
  ['gateway nobody', 'unknown-name: nobody'],
  ['decnet dst host 63.1023', 'dst DECnet address 63.1023'],
  ['decnet host 64.1', 'bad-address: 64.1'],
  ['decnet host 1', 'bad-address: 1'],
  ['decnet host 1.2.3', 'bad-address: 1.2.3'],
  ['decnet host four', 'qualifier-mismatch: four'],
  // Ports (PRT-03, PRT-04).
  ['port alike', `src or dst port 30 to 30 of IP protocol ${ports}`],
  ['port only-tcp', 'src or dst port 10 to 10 of IP protocol 6'],
  ['port only-udp', 'src or dst port 20 to 20 of IP protocol 17'],
  ['port unlike', 'src or dst port 41 to 41 of IP protocol 6'],
  ['sctp port alike', 'src or dst port 30 to 30 of IP protocol 132'],
  ['udp port only-tcp', 'qualifier-mismatch: only-tcp'],
  ['portrange 90-80', `src or dst port 80 to 90 of IP protocol ${ports}`],
  ['portrange 0x50-0120', `src or dst port 80 to 80 of IP protocol ${ports}`],
  ['tcp portrange 80', 'src or dst port 80 to 80 of IP protocol 6'],
  ['portrange a-50', `src or dst port 50 to 50 of IP protocol ${ports}`],
  ['portrange a-b', `src or dst port 50 to 60 of IP protocol ${ports}`],
  ['portrange a-a', 'src or dst port 50 to 50 of IP protocol 6'],
  ['portrange a', 'bad-range: a'],
  ['portrange only-tcp-20', 'bad-range: only-tcp-20'],
  ['portrange 1-70000', 'out-of-range: 1-70000'],
  // Protocols.
  ['proto own', 'IP protocol 253 over ip, ip6'],
  ['ip6 proto ipv6-icmp', 'IP protocol 58 over ip6'],
  ['ip proto \\tcp', 'IP protocol 6 over ip'],
  ['ip proto TCP', 'IP protocol 6 over ip'],
  ['ip proto Tcp', 'unknown-name: Tcp'],
  ['proto \\icmp6', 'unknown-name: \\icmp6'],
  ['ip6 protochain 60', 'chain of headers to IP protocol 60 over ip6'],
  ['ether proto 0x42', 'link protocol 0x0042'],
  ['ether proto 70000', 'link protocol 0x11170'],
  ['ether proto lldp or \\iso', 'link protocol 0x88cc', 'or', 'link protocol 0x00fe'],
  ['iso proto \\clnp', 'ISO protocol 0x81'],
  ['iso proto 0x83', 'ISO protocol 0x83'],
  ['isis proto 31', 'IS-IS PDU type 31'],
  ['isis proto 32', 'out-of-range: 32'],
  ['isis proto clns', 'unknown-name: clns'],
  ['atalk or stp', 'link protocol 0x809b', 'or', 'link protocol 0x0042'],
  ['es-is or l1', 'ISO protocol 0x82', 'or', 'IS-IS PDU type 15, 17, 18, 24, 26'],
  ['igrp', 'IP protocol 9 over ip'],
  ['radio', 'qualifier-mismatch: radio'],
  // Words.
  ['broadcast or ether multicast', 'link broadcast', 'or', 'link multicast'],
  ['ip broadcast', 'ip broadcast under 0xffffff00'],
  ['ip6 multicast', 'ip6 multicast'],
  ['ip6 broadcast', 'qualifier-mismatch: ip6 broadcast'],
  ['tcp multicast', 'qualifier-mismatch: tcp multicast'],
  ['inbound or ifindex 3', 'inbound', 'or', 'interface index 3'],
  ['less 5', 'length <= 5'],
  ['greater 5', 'length >= 5'],
  ['byte 3 > 5', 'link[3:1] > 5'],
  ['byte 3 | 5', '(link[3:1] | 5) != 0'],
  ['byte 3 = 256', 'out-of-range: 256'],
  ['vlan', 'inside VLAN'],
  ['vlan 4095', 'inside VLAN 4095'],
  ['vlan 4096', 'out-of-range: 4096'],
  ['mpls 1048575 and mpls', 'inside MPLS label 1048575', 'and', 'inside MPLS label'],
  ['pppoed or pppoes 65535', 'PPPoE discovery', 'or', 'inside PPPoE session 65535'],
  ['geneve 16777215', 'inside Geneve 16777215'],
  ['vxlan 16777216', 'out-of-range: 16777216'],
  ['llc or llc RNR', 'LLC', 'or', 'LLC control & 0x0f = 0x05'],
  ['llc foo', 'unknown-name: foo'],
  ['type Mgt', '802.11 type & 0x0c = 0x00'],
  ['type 16', 'out-of-range: 16'],
  ['type ctl subtype ack', '802.11 type & 0xfc = 0xd4'],
  ['type 0x08 subtype 0x40', '802.11 type & 0xfc = 0x48'],
  ['type mgt subtype ack', 'unknown-name: ack'],
  ['type 12 subtype ack', 'unknown-name: ack'],
  ['type mgt subtype 1', 'out-of-range: 1'],
  ['subtype cf-poll', '802.11 type & 0xfc = 0x68'],
  ['dir FromDS', '802.11 direction 2'],
  ['dir 4', 'out-of-range: 4'],
  ['ifname em0', 'PF ifname begins with "em0"'],
  ['rset aaaaaaaaaaaaaaaa', 'name-too-long: aaaaaaaaaaaaaaaa'],
  ['rnr 5 or srnr 6', 'PF rnr 5', 'or', 'PF srnr 6'],
  ['reason 300', 'PF reason 300'],
  ['reason bad-offset', 'PF reason 1'],
  ['reason map-failed', 'unknown-name: map-failed'],
  ['action drop', 'PF action 1'],
  ['lane or metac or hfisu', 'inside LAN emulation', 'or', 'ATM metac', 'or', 'SS7 hfisu'],
  ['vpi > 5', 'vpi > 5'],
  ['sio (5 or 255)', 'sio = 5 or = 255'],
  ['hdpc (1 or 16384 or 16385)', 'out-of-range: 16384', 'out-of-range: 16385'],
  // Numbers.
  ['radio[0] = tr[1]', 'radio[0:1] = link[1:1]'],
  ['moprc[len - 1:2] = 5', 'moprc[(length - 1):2] = 5'],
  ['len / ip[0] = 1', '(length / ip[0:1]) = 1'],
  ['len / (1 - 1) = 1', 'division-by-zero: (1 - 1)'],
  ['len << 32 = 1', 'shift-too-far: 32'],
  ['stp[0] = 1', 'not-an-index: stp[0]'],
  // All that is wrong is told, in the order of the text.
  [
    'aarp host 12.500 or vlan 5000 and carp proto nobody',
    'qualifier-mismatch: aarp host',
    'bad-address: 12.500',
    'out-of-range: 5000',
    'qualifier-mismatch: carp proto',
    'unknown-name: nobody',
  ],
  [
    'host four or port 70000 or portrange b-nobody or 1-2',
    'out-of-range: 70000',
    'unknown-name: b-nobody',
  ],
];

test.each(meanings)('%s', (text, ...predicate) => {
  expect(lines(text)).toEqual(predicate);
});

test('ip broadcast needs a netmask', () => {
  for (const netmask of [undefined, 0xffffffff]) {
    expect(lines('ip broadcast', { netmask })).toEqual(['netmask-needed: ip broadcast']);
  }
  expect(lines('ip broadcast', { netmask: 0 })).toEqual(['ip broadcast under 0x00000000']);
});

test('what is right is understood beside errors, and names have stand-ins', () => {
  const { ast } = parse(
    'tcp host 1.2.3.4 or vlan 5000 or gateway nobody or host nobody or stp[0] = 1',
  );
  const { predicate, understood } = analyze(ast);
  expect(predicate).toBeUndefined();
  expect(printPredicate(understood!).split('\n')).toEqual([
    'inside VLAN',
    'or',
    '  gateway 00:00:00:00:00:00, not  in ip, arp, rarp',
    'or',
    '  src or dst 0x00000000 & 0xffffffff in ip, arp, rarp',
    '',
  ]);
  expect(analyze(parse('stp[0] = 1').ast).understood).toBeUndefined();
});

test('a test has the place of its primitive, or of its identifier in a list', () => {
  const text = 'tcp port 80 or 443 or udp port (53 or 54)';
  const { predicate } = analyze(parse(text).ast);
  const places: string[] = [];
  const visit = (each: typeof predicate): void => {
    if (each === undefined || each.kind === 'always') return;
    if (each.kind === 'not') {
      visit(each.operand);
    } else if (each.kind === 'chain') {
      visit(each.first);
      for (const { operand } of each.rest) visit(operand);
    } else {
      places.push(text.slice(each.span.start, each.span.end));
    }
  };
  visit(predicate);
  expect(places).toEqual(['tcp port 80', '443', '53', '54']);
});
