/**
 * Fields of Wireshark's display filters that people write here, and what says the same. A value
 * follows these.
 */
export const displayOperands: Readonly<Record<string, string>> = {
  'arp.dst.proto_ipv4': 'arp dst host',
  'arp.src.proto_ipv4': 'arp src host',
  'eth.addr': 'ether host',
  'eth.dst': 'ether dst',
  'eth.src': 'ether src',
  'eth.type': 'ether proto',
  'ip.addr': 'host',
  'ip.dst': 'dst host',
  'ip.host': 'host',
  'ip.proto': 'ip proto',
  'ip.src': 'src host',
  'ipv6.addr': 'host',
  'ipv6.dst': 'dst host',
  'ipv6.nxt': 'ip6 proto',
  'ipv6.src': 'src host',
  'mpls.label': 'mpls',
  'sctp.port': 'sctp port',
  'tcp.dstport': 'tcp dst port',
  'tcp.port': 'tcp port',
  'tcp.srcport': 'tcp src port',
  'udp.dstport': 'udp dst port',
  'udp.port': 'udp port',
  'udp.srcport': 'udp src port',
  'vlan.id': 'vlan',
  'vxlan.vni': 'vxlan',
};

/** Those that are numbers here too: any comparison may follow. */
export const displayNumbers: Readonly<Record<string, string>> = {
  'frame.len': 'len',
  'icmp.code': 'icmp[icmpcode]',
  'icmp.type': 'icmp[icmptype]',
  'icmpv6.code': 'icmp6[icmp6code]',
  'icmpv6.type': 'icmp6[icmp6type]',
  'ip.len': 'ip[2:2]',
  'ip.ttl': 'ip[8]',
  'ipv6.hlim': 'ip6[7]',
  'tcp.flags': 'tcp[tcpflags]',
  'udp.length': 'udp[4:2]',
};

/** Flags: 1 or 0 in a display filter. */
export const displayFlags: Readonly<Record<string, string>> = {
  'tcp.flags.ack': 'tcp[tcpflags] & tcp-ack',
  'tcp.flags.cwr': 'tcp[tcpflags] & tcp-cwr',
  'tcp.flags.ece': 'tcp[tcpflags] & tcp-ece',
  'tcp.flags.fin': 'tcp[tcpflags] & tcp-fin',
  'tcp.flags.push': 'tcp[tcpflags] & tcp-push',
  'tcp.flags.reset': 'tcp[tcpflags] & tcp-rst',
  'tcp.flags.syn': 'tcp[tcpflags] & tcp-syn',
  'tcp.flags.urg': 'tcp[tcpflags] & tcp-urg',
};

/** Signs of display filters that are words. */
export const displaySigns: Readonly<Record<string, string>> = {
  eq: '=',
  ne: '!=',
  gt: '>',
  lt: '<',
  ge: '>=',
  le: '<=',
};

/** What fields of display filters begin with: no host is called so. */
const displayProtocols =
  /^(?:arp|dhcp|dns|eth|frame|http2?|icmp|icmpv6|ip|ipv6|mpls|sctp|sll|ssl|tcp|tls|udp|vlan|vxlan|wlan)\.[a-z0-9_]+(?:\.[a-z0-9_]+)*$/i;

/** Domains of the top that a name of a host may end in, though it begins as a field does. */
const domains = /\.(?:com|net|org|io|dev|local|lan|home|arpa|example|[a-z]{2})$/i;

const known: ReadonlySet<string> = new Set(
  [displayOperands, displayNumbers, displayFlags].flatMap((table) => Object.keys(table)),
);

/** Is this a field of a display filter, by its looks? */
export const isDisplayField = (name: string): boolean =>
  name.length < 64 &&
  (known.has(name.toLowerCase()) || (displayProtocols.test(name) && !domains.test(name)));
