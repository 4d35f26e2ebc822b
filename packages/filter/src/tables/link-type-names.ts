import type { LinkTypeName } from './link-types.ts';

/**
 * What link types are called elsewhere: by the numbers of capture files, where the name is not that
 * of libpcap's DLT (`LINKTYPE_…`, https://www.tcpdump.org/linktypes.html, without that), and by
 * people. In capitals.
 */
export const otherLinkTypeNames: ReadonlyMap<string, LinkTypeName> = new Map([
  ['ETHERNET', 'EN10MB'],
  ['ETHER', 'EN10MB'],
  ['ETH', 'EN10MB'],
  ['EXP_ETHERNET', 'EN3MB'],
  ['IEEE802_5', 'IEEE802'],
  ['TOKEN_RING', 'IEEE802'],
  ['ARCNET_BSD', 'ARCNET'],
  ['PPP_HDLC', 'PPP_SERIAL'],
  ['LOOPBACK', 'NULL'],
  ['IP', 'RAW'],
  ['RAW_IP', 'RAW'],
  ['IP6', 'IPV6'],
  ['SLL', 'LINUX_SLL'],
  ['SLL2', 'LINUX_SLL2'],
  ['COOKED', 'LINUX_SLL'],
  ['LINUX_COOKED', 'LINUX_SLL'],
  ['802.11', 'IEEE802_11'],
  ['WIFI', 'IEEE802_11'],
  ['WLAN', 'IEEE802_11'],
  ['RADIOTAP', 'IEEE802_11_RADIO'],
  ['IEEE802_11_RADIOTAP', 'IEEE802_11_RADIO'],
  ['IEEE802_11_AVS', 'IEEE802_11_RADIO_AVS'],
  ['IEEE802_11_PRISM', 'PRISM_HEADER'],
  ['IEEE802_15_4_WITHFCS', 'IEEE802_15_4'],
]);
