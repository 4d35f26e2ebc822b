/**
 * Protocol words of pcap-filter(7) and the numbers behind them: IANA "ieee-802-numbers" for the
 * link layer, IANA "protocol-numbers" for those over IP (igrp is 9 as in Linux's <netinet/in.h>).
 */

/** Those that a link-layer header names by an EtherType. */
export const etherTypes = {
  ip: 0x0800,
  arp: 0x0806,
  rarp: 0x8035,
  ip6: 0x86dd,
  atalk: 0x809b,
  aarp: 0x80f3,
  decnet: 0x6003,
  lat: 0x6004,
  sca: 0x6007,
  moprc: 0x6002,
  mopdl: 0x6001,
} as const;

export type LinkProtocol = keyof typeof etherTypes;

/** Those that IEEE 802.2 names by a service access point. */
export const llcSaps = { iso: 0xfe, stp: 0x42, ipx: 0xe0, netbeui: 0xf0 } as const;

/** What `ether proto` knows by name: all of these, and some that are no words of the language. */
export const linkProtocolNames: Readonly<Record<string, number>> = {
  ...etherTypes,
  ...llcSaps,
  lldp: 0x88cc,
  loopback: 0x9000,
  slow: 0x8809,
};

/** Network layer protocol identifiers of ISO/IEC TR 9577, behind `iso`. */
export const isoProtocols = { clnp: 0x81, esis: 0x82, isis: 0x83 } as const;

/**
 * PDU types of IS-IS (ISO/IEC 10589): 15 to 17 are hellos of level 1, of level 2 and of
 * point-to-point links, 18 and 20 link state PDUs, 24 and 25 complete, 26 and 27 partial sequence
 * numbers. Hellos of point-to-point links are of both levels.
 */
export const isisPdus = {
  l1: [15, 17, 18, 24, 26],
  l2: [16, 17, 20, 25, 27],
  iih: [15, 16, 17],
  lsp: [18, 20],
  snp: [24, 25, 26, 27],
  csnp: [24, 25],
  psnp: [26, 27],
} as const;

/** Over which network protocol a word looks, and for which protocol number. */
interface TransportProtocol {
  readonly number: number;
  readonly over: readonly ('ip' | 'ip6')[];
}

const both = ['ip', 'ip6'] as const;

export const transportProtocols = {
  icmp: { number: 1, over: ['ip'] },
  igmp: { number: 2, over: ['ip'] },
  tcp: { number: 6, over: both },
  igrp: { number: 9, over: ['ip'] },
  udp: { number: 17, over: both },
  esp: { number: 50, over: both },
  ah: { number: 51, over: both },
  icmp6: { number: 58, over: ['ip6'] },
  pim: { number: 103, over: both },
  vrrp: { number: 112, over: ['ip'] },
  carp: { number: 112, over: ['ip'] },
  sctp: { number: 132, over: both },
} as const satisfies Record<string, TransportProtocol>;

export type TransportWord = keyof typeof transportProtocols;

/** Those that have ports; the order is that of libpcap's tests. */
export const portProtocols = { sctp: 132, tcp: 6, udp: 17 } as const;

export type PortProtocol = keyof typeof portProtocols;
