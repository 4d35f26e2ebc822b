/**
 * The words of pcap-filter(7), in the groups in which the grammar needs them. `unsupported` are
 * words of the language that hookdump does not know yet: they are refused by name, never taken for
 * the name of a host.
 */
export const words = {
  types: ['host', 'net', 'port', 'portrange', 'proto'],
  directions: ['src', 'dst'],
  lengths: ['len', 'length'],
  lengthTests: ['less', 'greater'],
  /** Different names of one thing, the frame from its first byte: libpcap's scanner.l. */
  links: ['ether', 'link', 'fddi', 'tr', 'wlan', 'ppp', 'slip'],
  unsupported: [
    ...['aarp', 'action', 'addr1', 'addr2', 'addr3', 'addr4', 'address1', 'address2', 'address3'],
    ...['address4', 'atalk', 'bcc', 'broadcast', 'byte', 'clnp', 'connectmsg', 'csnp', 'decnet'],
    ...['dir', 'dpc', 'es-is', 'esis', 'fisu', 'gateway', 'geneve', 'hdpc', 'hfisu', 'hlssu'],
    ...['hmsu', 'hopc', 'hsio', 'hsls', 'ifindex', 'ifname', 'iih', 'ilmic', 'inbound', 'ipx'],
    ...['is-is', 'isis', 'iso', 'l1', 'l2', 'lane', 'lat', 'llc', 'lsp', 'lssu', 'lsu'],
    ...['metac', 'metaconnect', 'mopdl', 'moprc', 'mpls', 'msu', 'multicast', 'netbeui', 'oam'],
    ...['oamf4', 'oamf4ec', 'oamf4sc', 'on', 'opc', 'outbound', 'pppoed', 'pppoes', 'protochain'],
    ...['psnp', 'ra', 'radio', 'reason', 'rnr', 'rset', 'ruleset', 'rulenum', 'sc', 'sca', 'sio'],
    ...['sls', 'snp', 'srnr', 'stp', 'subrulenum', 'subtype', 'ta', 'type', 'vci', 'vlan', 'vpi'],
    ...['vxlan'],
  ],
} as const satisfies Record<string, readonly string[]>;
