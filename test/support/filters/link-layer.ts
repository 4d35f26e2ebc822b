import type { Random } from '../random.ts';

/** The words about link layers. */
const macs = [
  '1:2:3:a:b:c',
  'ff:ff:ff:ff:ff:ff',
  '00-00-00-00-00-01',
  '0102.030a.0b0c',
  '0102030a0b0c',
  '1.2.3.a.b.c',
];

const linkWord = (r: Random): string =>
  r.pick(['ether', 'ether', 'link', 'fddi', 'tr', 'wlan', 'ppp', 'slip']);

export const hardwareAddress = (r: Random): string =>
  `${linkWord(r)} ${r.pick(['host', 'host', 'src', 'dst', 'src host', 'src or dst', 'src and dst host'])} ${r.pick(macs)}`;

export const shortAddress = (r: Random): string =>
  `link ${r.pick(['host', 'src', 'dst', 'src or dst host', 'src and dst'])} ${r.pick(['$0', '$e', '$0e', '$ff'])}`;

export const broadcast = (r: Random): string =>
  `${r.pick(['', 'link ', 'ether '])}${r.pick(['broadcast', 'multicast', 'multicast'])}`;

const etherTypes = [
  '0x800',
  '0x86dd',
  '0x806',
  '0x8100',
  '0x88cc',
  '0x9000',
  '0x6003',
  '0x8137',
  '0x809b',
  '0x80f3',
  '0xffff',
  '1501',
  '0x8847',
  '0x21',
  '0x57',
  '0x42',
  '0xfe',
  '0xe0',
  '0xf0',
  '6',
  '0xaa',
  '0',
  '255',
];
const etherNames = [
  'ip',
  'ip6',
  'arp',
  'rarp',
  'atalk',
  'aarp',
  'decnet',
  'lat',
  'sca',
  'moprc',
  'mopdl',
  'iso',
  'stp',
  'ipx',
  'netbeui',
];

export const linkProtocol = (r: Random): string =>
  `${linkWord(r)} proto ${r.oneIn(2) ? r.pick(etherTypes) : r.oneIn(8) ? 'loopback' : `\\${r.pick(etherNames)}`}`;

const llcTypes = [
  'i',
  's',
  'u',
  'rr',
  'rnr',
  'rej',
  'ui',
  'ua',
  'disc',
  'dm',
  'sabme',
  'test',
  'xid',
  'frmr',
  'S',
];

export const llc = (r: Random): string => (r.oneIn(3) ? 'llc' : `llc ${r.pick(llcTypes)}`);

export const packetDirection = (r: Random): string => r.pick(['inbound', 'outbound']);

const optional = (r: Random, word: string, values: readonly string[]): string =>
  r.oneIn(2) ? word : `${word} ${r.pick(values)}`;

/** The words that make what is behind them look inside. */
export const vlan = (r: Random): string => optional(r, 'vlan', ['0', '1', '100', '4095', '(7)']);
export const mpls = (r: Random): string => optional(r, 'mpls', ['0', '1', '1000', '1048575']);
export const pppoes = (r: Random): string => optional(r, 'pppoes', ['0', '1', '0x27', '65535']);
export const geneve = (r: Random): string => optional(r, 'geneve', ['0', '11', '16777215']);
export const pppoed = (): string => 'pppoed';
