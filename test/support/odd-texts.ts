import { randomFilter } from './filters/index.ts';
import type { Random } from './random.ts';

/**
 * Texts that nobody would write as a filter: random characters, words in any order, filters with
 * something changed, and one thing repeated up to the longest text.
 */
const longest = 1024;

const words = `and or not ( ) [ ] : / , && || ! = == != > >= < <= + - * % & | ^ << >> $0e \\tcp \\ip
  host net port portrange proto protochain gateway mask src dst ra ta addr1 address4 src or dst
  link ether fddi tr wlan ppp slip ip ip6 arp rarp tcp udp sctp icmp icmp6 igmp igrp pim vrrp carp
  ah esp atalk aarp decnet lat sca moprc mopdl iso clnp esis isis es-is stp ipx netbeui l1 l2 iih lsp
  snp csnp psnp radio len length less greater byte broadcast multicast inbound outbound ifindex
  ifname on rset rnr srnr reason action vlan mpls pppoed pppoes geneve vxlan lane llc type subtype
  dir vpi vci metac bcc oam sc fisu lssu msu hmsu sio opc dpc sls hsio hopc
  0 1 6 017 08 0x10 0xfffffffff 4294967296 65536 80 10.0.0.1 1.2 1.2.3.4/33 256.1.1.1 :: ::1 fe80::/10
  1:2:3:4:5:6 0102.0304.0506 010203040506 1:2: http domain localhost 10-1 1-tcp tcp-syn icmp-echo
  mgt beacon tods match pass rr ui _ " # ' é 😀`.split(/\s+/);

const characters = ' \t\n()[]:/.-+*%&|^<>=!$\\_#"\'0123456789abcdefxhostipnrdvl';

export type Kind = 'characters' | 'words' | 'changed' | 'repeated' | 'filter';

const kinds: readonly Kind[] = [
  'characters',
  'words',
  'words',
  'changed',
  'changed',
  'repeated',
  'filter',
];

export interface OddText {
  readonly kind: Kind;
  readonly linkType: string;
  readonly text: string;
}

export function oddText(r: Random): OddText {
  const kind = r.pick(kinds);
  const { linkType, text: filter } = randomFilter(r);
  const text = {
    characters: () => Array.from({ length: r.below(60) }, () => character(r)).join(''),
    words: () => someWords(r, r.oneIn(10) ? 120 : 14),
    changed: () => changed(r, filter),
    repeated: () => repeated(r),
    filter: () => filter,
  }[kind]();
  return { kind, linkType, text: text.slice(0, longest) };
}

const character = (r: Random): string =>
  r.oneIn(12) ? String.fromCharCode(r.below(0x10000)) : characters[r.below(characters.length)]!;

const someWords = (r: Random, most: number): string =>
  Array.from({ length: 1 + r.below(most) }, () => r.pick(words)).join(r.oneIn(8) ? '' : ' ');

/** Up to four small changes. */
function changed(r: Random, filter: string): string {
  let text = filter;
  for (let times = 1 + r.below(4); times > 0; times--) {
    const at = r.below(text.length + 1);
    const to = Math.min(text.length, at + 1 + r.below(r.oneIn(3) ? 20 : 2));
    const inserted = r.pick([
      () => '',
      () => character(r),
      () => ` ${r.pick(words)} `,
      () => text.slice(at, to).repeat(2),
    ])();
    text = text.slice(0, at) + inserted + text.slice(r.oneIn(2) ? at : to);
  }
  return text;
}

/** What grows, grows most when it is said over and over. */
function repeated(r: Random): string {
  const part = r.pick([
    () =>
      r.pick([
        '(',
        'not ',
        '!',
        '-',
        'ip[',
        '(ip[',
        '1+',
        '((',
        ':',
        '::',
        '1:',
        'f:',
        '1.',
        'a-',
        '\\',
        '$',
        '0',
        'x',
      ]),
    () => `${randomFilter(r).text} ${r.pick(['and', 'or', '&&', '||'])} `,
    () =>
      `${r.pick(['vlan', 'mpls', 'pppoes', 'geneve', 'vxlan', 'protochain 6', 'port 80', 'host ::1', 'tcp', 'llc', 'iso', 'ipx', 'atalk', 'decnet host 1.1', 'lane', 'wlan host 1:2:3:4:5:6', 'ip[ip[0]] = 1'])} ${r.pick(['and', 'or', 'and not', 'or not'])} `,
    () => `${someWords(r, 4)} `,
    () => character(r),
  ])();
  const text = part.repeat(Math.ceil(longest / Math.max(1, part.length)));
  return r.oneIn(3) ? text : `${text.slice(0, r.below(longest))}${randomFilter(r).text}`;
}
