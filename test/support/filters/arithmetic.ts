import type { Random } from '../random.ts';

/** Comparisons of what packets hold, with all operators and constants. */
const comparisons = ['=', '==', '!=', '>', '>=', '<', '<='] as const;
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
  '0x800',
  '0x45',
  '255',
  '0xffffffff',
  '017',
];
const constants = [
  'tcp-syn',
  'tcp-ack',
  'tcp-fin',
  'tcpflags',
  'icmp-echo',
  'icmptype',
  'icmp6-echo',
  'icmp-unreach',
  'icmp6-neighborsolicit',
];

const number = (r: Random): string => r.pick(r.oneIn(4) ? constants : numbers);

/** A divisor or a shift count that libpcap takes as a constant. */
const small = (r: Random): string => r.pick(['1', '2', '3', '4', '7', '8', '16', '31']);

/** Whose header a load counts from, and where there is something to see. */
const offsets: Readonly<Record<string, readonly string[]>> = {
  ether: ['0', '6', '12', '14', '23', 'len - 1', '60', '3'],
  link: ['0', '1', '2', '4', '20'],
  ip: ['0', '2', '6', '8', '9', '12', '16', '(ip[0] & 0xf) * 4', '100'],
  ip6: ['0', '4', '6', '7', '8', '24', '40'],
  arp: ['0', '6', '7', '14', '24'],
  rarp: ['6', '7', '14'],
  tcp: ['0', '2', '4', 'tcpflags', '12', '(tcp[12] & 0xf0) >> 2', '14'],
  udp: ['0', '2', '4', '6', '8', '12'],
  sctp: ['0', '2', '12'],
  icmp: ['icmptype', 'icmpcode', '4'],
  icmp6: ['icmp6type', 'icmp6code', '4'],
  igmp: ['0', '4'],
  igrp: ['0'],
  pim: ['0', '1'],
  vrrp: ['0', '1'],
  carp: ['0', '3'],
  decnet: ['0', '3'],
  atalk: ['0', '4'],
  lat: ['0'],
  sca: ['1'],
  moprc: ['0', '4'],
  mopdl: ['2'],
};
const common = [
  'ether',
  'ether',
  'ip',
  'ip',
  'ip6',
  'arp',
  'tcp',
  'tcp',
  'udp',
  'icmp',
  'icmp6',
] as const;

function access(r: Random, depth: number): string {
  const protocol = r.oneIn(4) ? r.pick(Object.keys(offsets)) : r.pick(common);
  const offset = depth > 0 && r.oneIn(6) ? term(r, depth - 1) : r.pick(offsets[protocol]!);
  return `${protocol}[${offset}${r.pick(['', '', ':1', ':2', ':2', ':4'])}]`;
}

function term(r: Random, depth: number): string {
  if (depth === 0 || r.oneIn(3)) return r.oneIn(4) ? r.pick(['len', 'length']) : access(r, depth);
  const inner = term(r, depth - 1);
  switch (r.below(9)) {
    case 0:
      return `${inner} & ${number(r)}`;
    case 1:
      return `(${inner}) ${r.pick(['<<', '>>', '/', '%', '*'])} ${small(r)}`;
    case 2:
      return `${inner} ${r.pick(['+', '-', '|', '^'])} ${number(r)}`;
    case 3:
      return `(${inner} ${r.pick(['+', '-', '*', '&', '|', '^'])} ${term(r, depth - 1)})`;
    case 4:
      return `-${access(r, 0)}`;
    case 5:
      return `${number(r)} ${r.pick(['+', '-', '*', '%'])} ${access(r, 0).replace('[0', '[1')}`;
    // No parentheses at all: precedence, and the two operators that have none.
    case 6:
      return `${inner} ${r.pick(['+', '-', '*', '&', '|'])} ${number(r)} ${r.pick(['+', '-', '*', '^', '&', '|'])} ${number(r)}`;
    case 7:
      return `${inner} ${r.pick(['%', '^'])} ${small(r)} ${r.pick(['+', '-', '*', '|', '&'])} ${number(r)}`;
    default:
      return inner;
  }
}

export function relation(r: Random): string {
  const left = term(r, 2);
  const right = r.oneIn(4) ? term(r, 1) : number(r);
  const [first, second] = r.oneIn(5) ? [right, left] : [left, right];
  return `${first} ${r.pick(comparisons)} ${second}`;
}

/** What every link type has. */
export const lengthTest = (r: Random): string =>
  r.pick([
    () => `${r.pick(['less', 'greater'])} ${r.pick(['0', '60', '64', '100', '1500'])}`,
    () =>
      `${r.pick(['len', 'length'])} ${r.pick(comparisons)} ${r.pick(['60', '100', '0x40', '4294967295'])}`,
    () =>
      `link[${r.pick(['0', '1', '12', '40'])}${r.pick(['', ':2', ':4'])}] ${r.pick(comparisons)} ${number(r)}`,
    () =>
      `byte ${r.pick(['0', '1', '12', '20'])} ${r.pick(['=', '<', '>', '&', '|'])} ${r.pick(['0', '1', '8', '255'])}`,
  ])();

/** What radiotap and its like have in front of the frame. */
export const radio = (r: Random): string =>
  `radio[${r.pick(['0', '2', '4', '16'])}${r.pick(['', ':2'])}] ${r.pick(['', '& 0x40 ', '& 1 '])}${r.pick(comparisons)} ${number(r)}`;
