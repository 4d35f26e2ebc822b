/**
 * Protocol words of pcap-filter(7) and the numbers behind them: IANA "ieee-802-numbers" for the
 * link layer, IANA "protocol-numbers" for those over IP (igrp is 9 as in Linux's <netinet/in.h>).
 */

/** Those that a link-layer header names, and their EtherTypes. */
export const etherTypes = {
  ip: 0x0800,
  arp: 0x0806,
  rarp: 0x8035,
  ip6: 0x86dd,
} as const;

export type LinkProtocol = keyof typeof etherTypes;

/** Over which network protocol a word looks, and for which protocol number. */
export interface TransportProtocol {
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
