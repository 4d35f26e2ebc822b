import { type Random, random, seed } from './random.ts';
import { sizes } from './sizes.ts';

/** The filters that all ways of running one are compared on: the same ones in every test. */
export function corpus(): string[] {
  const length = Number(process.env.HOOKDUMP_FILTERS ?? sizes.corpus);
  const r = random(seed);
  return Array.from({ length }, () => expression(r));
}

/**
 * Random filters of the language, grown from its grammar. Numbers and addresses come from small
 * sets, so that different primitives of one filter speak about the same packets.
 */
export function expression(r: Random, depth = 3): string {
  if (depth === 0 || r.oneIn(3)) return primitive(r);
  switch (r.below(6)) {
    case 0:
      return `not ${r.pick(['', 'not '])}${parenthesized(r, depth)}`;
    case 1:
      return `(${expression(r, depth - 1)})`;
    case 2:
      return `${qualified(r)} ${conjunction(r)} ${expression(r, depth - 1)}`;
    default: {
      const terms = Array.from({ length: 2 + r.below(2) }, () => parenthesized(r, depth));
      return terms.reduce((left, right) => `${left} ${conjunction(r)} ${right}`);
    }
  }
}

const conjunction = (r: Random): string => r.pick(['and', 'or', '&&', '||']);

function parenthesized(r: Random, depth: number): string {
  const inner = expression(r, depth - 1);
  return r.oneIn(2) && !inner.startsWith('(') ? inner : `(${inner})`;
}

const protocols = ['ip', 'ip6', 'arp', 'tcp', 'udp', 'icmp', 'icmp6'] as const;

function primitive(r: Random): string {
  switch (r.below(6)) {
    case 0:
      return r.pick(protocols);
    case 1:
    case 2:
      return qualified(r);
    case 3:
      return list(r);
    default:
      return relation(r);
  }
}

const direction = (r: Random): string =>
  r.pick(['', '', 'src ', 'dst ', 'src or dst ', 'src and dst ']);

const ipv4s = ['10.0.0.1', '10.0.0.2', '192.168.1.77', '0.0.0.0', '255.255.255.255', '10', '10.1'];
const ipv6s = [
  '::',
  '::1',
  'fe80::1',
  '2001:db8::10.0.0.1',
  '2001:db8:1:2:3:4:5:6',
  'ff02::1:ff00:1',
];
const nets = [
  '10',
  '10.0',
  '192.168.1',
  '10.0.0.0/8',
  '192.168.1.64/26',
  '0.0.0.0/1',
  '172.16/12',
].concat(['10.0.0.0 mask 255.0.0.0', '10.0.0.1 mask 255.0.0.1', '10.0.0.2/32']);
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
  '8080',
  '65535',
  '0x50',
  '0120',
  'http',
  'domain',
  'ssh',
];
const ranges = ['1-1023', '80-90', '90-80', '1024-65535', '0-65535', '53-53', '443', '22-http'];

function qualified(r: Random): string {
  const way = direction(r);
  switch (r.below(8)) {
    case 0:
      return `${r.pick(['', 'ip ', 'arp '])}${way}host ${r.pick(ipv4s)}`;
    case 1:
      return `${r.pick(['', 'ip6 '])}${way}host ${r.pick(ipv6s)}`;
    case 2:
      return `${r.pick(['', 'ip ', 'arp '])}${way}net ${r.pick(nets)}`;
    case 3:
      return `${r.pick(['', 'ip6 '])}${way}net ${r.pick(net6s)}`;
    case 4:
      return `${way === '' ? 'src ' : way}${r.pick([...ipv4s, ...ipv6s])}`;
    case 5:
      return `${r.pick(['', 'tcp '])}${way}portrange ${r.pick(ranges)}`;
    case 6:
      return `${r.pick(['tcp ', 'tcp ', ''])}${way}port ${r.pick(ports)}`;
    default:
      return `udp ${way}port ${r.pick(ports.filter((port) => port !== 'http' && port !== 'ssh'))}`;
  }
}

/** Identifiers that share their qualifiers. */
function list(r: Random): string {
  const [head, values] = r.pick([
    [`${direction(r)}host`, ipv4s],
    [`tcp ${direction(r)}port`, ports],
    [`ip ${direction(r)}net`, nets.slice(0, 4)],
  ] as const);
  const chosen = Array.from({ length: 2 + r.below(3) }, () => r.pick(values));
  const joined = chosen.reduce((left, right) => `${left} ${r.pick(['or', 'and'])} ${right}`);
  return r.oneIn(2) ? `${head} (${joined})` : `${head} ${joined}`;
}

const relations = ['=', '==', '!=', '>', '>=', '<', '<='] as const;

function relation(r: Random): string {
  const left = arithmetic(r, 2);
  const right = r.oneIn(4) ? arithmetic(r, 1) : number(r);
  return r.oneIn(5)
    ? `${right} ${r.pick(relations)} ${left}`
    : `${left} ${r.pick(relations)} ${right}`;
}

const numbers = [
  '0',
  '1',
  '2',
  '4',
  '5',
  '6',
  '17',
  '64',
  '80',
  '100',
  '0x0800',
  '0x45',
  '0xff',
  '255',
];
const constants = [
  'tcp-syn',
  'tcp-ack',
  'tcpflags',
  'icmp-echo',
  'icmptype',
  'icmp6-echo',
  '4294967295',
];

const number = (r: Random): string => r.pick(r.oneIn(3) ? constants : numbers);

/** A divisor or a shift count that libpcap takes as a constant. */
const small = (r: Random): string => r.pick(['1', '2', '3', '4', '7', '8', '16', '31']);

function arithmetic(r: Random, depth: number): string {
  if (depth === 0 || r.oneIn(3)) return r.oneIn(4) ? 'len' : access(r, depth);
  const inner = arithmetic(r, depth - 1);
  switch (r.below(7)) {
    case 0:
      return `${inner} & ${number(r)}`;
    case 1:
      return `(${inner}) ${r.pick(['<<', '>>', '/', '%', '*'])} ${small(r)}`;
    case 2:
      return `${inner} ${r.pick(['+', '-', '|', '^'])} ${number(r)}`;
    case 3:
      return `(${inner} ${r.pick(['+', '-', '*', '&', '|', '^'])} ${arithmetic(r, depth - 1)})`;
    case 4:
      return `-${access(r, 0)}`;
    case 5:
      return `${number(r)} ${r.pick(['+', '-', '*', '%'])} ${access(r, 0).replace('[0', '[1')}`;
    default:
      return inner;
  }
}

const offsets: Readonly<Record<string, readonly string[]>> = {
  ether: ['0', '6', '12', '14', '23', 'len - 1', '60'],
  ip: ['0', '2', '6', '8', '9', '12', '16', '(ip[0] & 0xf) * 4', '100'],
  ip6: ['0', '4', '6', '7', '8', '24', '40'],
  arp: ['0', '6', '14', '24'],
  tcp: ['0', '2', '4', 'tcpflags', '12', '(tcp[12] & 0xf0) >> 2', '14'],
  udp: ['0', '2', '4', '6', '8', '12'],
  icmp: ['icmptype', 'icmpcode', '4'],
  icmp6: ['icmp6type', 'icmp6code', '4'],
};

function access(r: Random, depth: number): string {
  const protocol = r.pick(Object.keys(offsets));
  const offset = depth > 0 && r.oneIn(6) ? arithmetic(r, depth - 1) : r.pick(offsets[protocol]!);
  return `${protocol}[${offset}${r.pick(['', '', ':1', ':2', ':2', ':4'])}]`;
}
