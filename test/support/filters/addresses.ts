import type { Random } from '../random.ts';

/**
 * Hosts, networks, ports and protocols. Numbers and addresses come from small sets, so that
 * different primitives of one filter speak about the same packets.
 */
export const direction = (r: Random): string =>
  r.pick([
    '',
    '',
    '',
    'src ',
    'dst ',
    'src or dst ',
    'dst or src ',
    'src and dst ',
    'dst and src ',
  ]);

const ipv4s = ['10.0.0.1', '10.0.0.2', '192.168.1.77', '0.0.0.0', '255.255.255.255'];
const shortIpv4s = ['10', '10.1', '10.0.0', '0x0a000001', '0', '010.0.0.1'];
const ipv6s = ['::', '::1', 'fe80::1', '2001:db8::10.0.0.1', '2001:db8:1:2:3:4:5:6', 'ff02::1/128'];
const nets = [
  '10',
  '10.0',
  '192.168.1',
  '0x0a00',
  '0',
  '10.0.0.0/8',
  '10.0/15',
  '192.168.1.64/26',
  '0.0.0.0/1',
  '10.0.0.2/32',
  '10.0.0.0 mask 255.0.0.0',
  '10.0.0.1 mask 255.0.0.1',
];
const net6s = [
  'fe80::/10',
  '2001:db8::/32',
  '::1',
  '2001:db8:1:2::/64',
  '2000::/3',
  '2001:db8::/127',
];
const ports = [
  '0',
  '22',
  '53',
  '80',
  '443',
  '65535',
  '0x50',
  '0120',
  '(80)',
  'domain',
  'http',
  'ssh',
];
const portsOfAll = ['0', '53', '80', '4789', '6081', '(80)', 'domain'];
const ranges = ['1-1023', '80-90', '90-80', '0-65535', '53-53', '443', '22-http', '6080-6082'];
const protocolNumbers = [
  '0',
  '1',
  '4',
  '6',
  '17',
  '41',
  '44',
  '47',
  '50',
  '51',
  '58',
  '132',
  '255',
];
const protocolNames = [
  '\\tcp',
  '\\udp',
  '\\icmp',
  'ospf',
  'gre',
  '\\ah',
  'ipv6-icmp',
  '\\sctp',
  'egp',
];

export const host = (r: Random): string =>
  r.oneIn(2)
    ? `${r.pick(['', '', 'ip ', 'arp ', 'rarp '])}${direction(r)}host ${r.pick(r.oneIn(5) ? shortIpv4s : ipv4s)}`
    : `${r.pick(['', 'ip6 '])}${direction(r)}host ${r.pick(ipv6s)}`;

export const net = (r: Random): string =>
  r.oneIn(2)
    ? `${r.pick(['', '', 'ip ', 'arp ', 'rarp '])}${direction(r)}net ${r.pick(nets)}`
    : `${r.pick(['', 'ip6 '])}${direction(r)}net ${r.pick(net6s)}`;

/** The type may be left out behind a direction. */
export const directed = (r: Random): string =>
  `${r.pick(['', '', 'ip '])}${r.pick(['src ', 'dst ', 'src or dst ', 'src and dst '])}${r.pick(ipv4s)}`;

export const port = (r: Random): string =>
  r.oneIn(3)
    ? `${r.pick(['', 'tcp '])}${direction(r)}${r.oneIn(2) ? `port ${r.pick(ports)}` : `portrange ${r.pick(ranges)}`}`
    : `${r.pick(['', 'tcp ', 'udp ', 'sctp '])}${direction(r)}port ${r.pick(portsOfAll)}`;

export const protocol = (r: Random): string =>
  `${r.pick(['', 'ip ', 'ip6 '])}proto ${r.oneIn(2) ? r.pick(protocolNumbers) : r.pick(protocolNames)}`;

export const protochain = (r: Random): string =>
  `${r.pick(['', 'ip ', 'ip6 '])}protochain ${r.oneIn(2) ? r.pick(protocolNumbers) : r.pick(protocolNames)}`;

/** Identifiers that share their qualifiers, with and without parentheses. */
export function list(r: Random): string {
  const [head, values] = r.pick([
    [`${direction(r)}host`, ipv4s],
    [`ip6 ${direction(r)}host`, ipv6s.slice(0, 4)],
    [`tcp ${direction(r)}port`, ports],
    [`${direction(r)}port`, portsOfAll],
    [`ip ${direction(r)}net`, nets.slice(0, 3)],
    ['proto', protocolNumbers],
  ] as const);
  const chosen = Array.from(
    { length: 2 + r.below(3) },
    () => `${r.pick(['', '', '', 'not '])}${r.pick(values)}`,
  );
  const joined = chosen.reduce((left, right) => `${left} ${r.pick(['or', 'or', 'and'])} ${right}`);
  return r.oneIn(2) ? `${head} (${joined})` : `${head} ${joined}`;
}

/** Words that are a filter by themselves, on every link type that has protocols. */
const words = [
  'ip',
  'ip',
  'ip6',
  'arp',
  'rarp',
  'tcp',
  'udp',
  'sctp',
  'icmp',
  'icmp6',
  'igmp',
  'igrp',
  'pim',
  'vrrp',
  'carp',
  'ah',
  'esp',
  'atalk',
  'aarp',
  'decnet',
  'lat',
  'sca',
  'moprc',
  'mopdl',
  'iso',
  'clnp',
  'esis',
  'es-is',
  'isis',
  'is-is',
  'stp',
  'ipx',
  'netbeui',
];

export const word = (r: Random): string => r.pick(words);

/** What has been in few link types for long, but compiles on most. */
export const oldProtocol = (r: Random): string =>
  r.pick([
    () => `iso proto ${r.pick(['0x81', '0x82', '0x83', '\\clnp', '\\esis', '\\isis', '255'])}`,
    () => `decnet ${direction(r)}host ${r.pick(['1.1', '10.123', '63.1023', '0.0'])}`,
    () => r.pick(['l1', 'l2', 'iih', 'lsp', 'snp', 'csnp', 'psnp']),
    () => `isis proto ${r.pick(['15', '18', '24', '31'])}`,
  ])();

export const cast = (r: Random): string => r.pick(['ip multicast', 'ip6 multicast']);
