import type { RelationOp } from './types.ts';

/** A test in English, with the notes that it gives reason for. */
export interface Explained {
  readonly text: string;
  /** What is told behind the place that an encapsulation gives to the text. */
  readonly detail?: string;
  readonly notes?: readonly string[];
  /** What stands further right looks there: `behind the VLAN tag`. */
  readonly moves?: string;
  /** It looks at the whole packet, whatever stands before it. */
  readonly fixed?: boolean;
}

export const protocolNames: Readonly<Record<string, string>> = {
  ip: 'IPv4',
  ip6: 'IPv6',
  arp: 'ARP',
  rarp: 'RARP',
  tcp: 'TCP over IPv4 or IPv6',
  udp: 'UDP over IPv4 or IPv6',
  sctp: 'SCTP over IPv4 or IPv6',
  ah: 'AH over IPv4 or IPv6',
  esp: 'ESP over IPv4 or IPv6',
  pim: 'PIM over IPv4 or IPv6',
  icmp: 'ICMP over IPv4',
  icmp6: 'ICMPv6 over IPv6',
  igmp: 'IGMP over IPv4',
  igrp: 'IGRP over IPv4',
  vrrp: 'VRRP over IPv4',
  carp: 'CARP over IPv4',
  atalk: 'AppleTalk',
  aarp: 'AppleTalk ARP',
  decnet: 'DECnet',
  lat: 'DEC LAT',
  sca: 'DEC SCA',
  moprc: 'DEC MOP remote console',
  mopdl: 'DEC MOP dump/load',
  iso: 'OSI',
  clnp: 'OSI CLNP',
  esis: 'OSI ES-IS',
  isis: 'OSI IS-IS',
  l1: 'IS-IS of level 1',
  l2: 'IS-IS of level 2',
  iih: 'an IS-IS hello',
  lsp: 'an IS-IS link-state PDU',
  snp: 'an IS-IS sequence-numbers PDU',
  csnp: 'a complete IS-IS sequence-numbers PDU',
  psnp: 'a partial IS-IS sequence-numbers PDU',
  stp: 'the spanning tree protocol',
  ipx: 'IPX',
  netbeui: 'NetBEUI',
};

export const comparisons: Readonly<Record<RelationOp, string>> = {
  '=': 'is',
  '!=': 'is not',
  '<': 'is less than',
  '<=': 'is at most',
  '>': 'is greater than',
  '>=': 'is at least',
};
