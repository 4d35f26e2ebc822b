const addressTypes = ['host', 'net', 'port', 'portrange'] as const;
const plainTypes = ['proto', 'protochain', 'gateway'] as const;

/**
 * The reserved words of pcap-filter(7), in the groups in which the grammar needs them (libpcap's
 * scanner.l has them one by one). A word is one everywhere: to be a name it needs a `\` before it.
 */
export const words = {
  types: [...addressTypes, ...plainTypes],
  /** Those that a direction may stand before, and those that none may stand before. */
  addressTypes,
  plainTypes,
  directions: ['src', 'dst'],
  /** Addresses of an 802.11 header. */
  wlanAddresses: ['ra', 'ta', 'addr1', 'addr2', 'addr3', 'addr4'],
  lengths: ['len', 'length'],
  lengthTests: ['less', 'greater'],
  /** Different names of one thing, the frame from its first byte. */
  links: ['ether', 'link', 'fddi', 'tr', 'wlan', 'ppp', 'slip'],
  /** All other words that may stand before `[…]` or before a direction or a type. */
  protocols: [
    ...['ip', 'ip6', 'arp', 'rarp', 'tcp', 'udp', 'sctp', 'icmp', 'icmp6', 'igmp', 'igrp', 'pim'],
    ...['vrrp', 'carp', 'ah', 'esp', 'atalk', 'aarp', 'decnet', 'lat', 'sca', 'moprc', 'mopdl'],
    ...['iso', 'esis', 'isis', 'clnp', 'l1', 'l2', 'iih', 'lsp', 'snp', 'csnp', 'psnp', 'stp'],
    ...['ipx', 'netbeui', 'radio'],
  ],
  casts: ['broadcast', 'multicast'],
  /** Whole tests by themselves: direction on the wire, PPPoE discovery, ATM, SS7. */
  tests: [
    ...['inbound', 'outbound', 'lane', 'metac', 'bcc', 'oam', 'oamf4', 'oamf4ec', 'oamf4sc', 'sc'],
    ...['ilmic', 'connectmsg', 'metaconnect', 'fisu', 'lssu', 'msu', 'hfisu', 'hlssu', 'hmsu'],
    'pppoed',
  ],
  /** A number may follow. */
  encapsulations: ['vlan', 'mpls', 'pppoes', 'geneve', 'vxlan'],
  /** Numeric fields of ATM and SS7. */
  fields: ['vpi', 'vci', 'sio', 'opc', 'dpc', 'sls', 'hsio', 'hopc', 'hdpc', 'hsls'],
  /** Beside `less` and `greater`: a number must follow. */
  numberWords: ['ifindex', 'rnr', 'srnr'],
  /** A name must follow. */
  nameWords: ['ifname', 'rset', 'action'],
  operators: ['and', 'or', 'not'],
  /** Each with a syntax of its own. */
  others: ['mask', 'byte', 'llc', 'type', 'subtype', 'dir', 'reason'],
} as const satisfies Record<string, readonly string[]>;

/** Second spellings, and the word that each is another spelling of. */
export const aliases: Readonly<Record<string, string>> = {
  'es-is': 'esis',
  'is-is': 'isis',
  address1: 'addr1',
  address2: 'addr2',
  address3: 'addr3',
  address4: 'addr4',
  direction: 'dir',
  lsu: 'lssu',
  on: 'ifname',
  ruleset: 'rset',
  rulenum: 'rnr',
  subrulenum: 'srnr',
};

/** Every reserved word, to tell names from them and to find the one that was meant. */
export const reservedWords: ReadonlySet<string> = new Set([
  ...Object.values(words).flat(),
  ...Object.keys(aliases),
]);
