// Frames for the filters of the set, built from what differs between them.

/** Numbers of include/uapi/linux/in.h. */
const PROTOCOLS = { icmp: 1, tcp: 6, udp: 17, icmp6: 58 };

const ETHER_TYPES = { ip: 0x0800, arp: 0x0806, vlan: 0x8100, ip6: 0x86dd };

const BROADCAST = 'ff:ff:ff:ff:ff:ff';

/** Bits of a TCP header's flags. */
export const TCP = { FIN: 1, SYN: 2, PSH: 8, ACK: 16 };

const octets = (address) => address.split('.').map(Number);
const hexOctets = (address) => address.split(':').map((each) => Number.parseInt(each, 16));

/** The 16 bytes of an IPv6 address, with one `::` in it or none. */
function octets6(address) {
  const [head, tail = []] = address.split('::').map((part) => part.split(':').filter(Boolean));
  const words = [...head, ...Array(8 - head.length - tail.length).fill('0'), ...tail];
  return words.flatMap((word) => {
    const value = Number.parseInt(word, 16);
    return [value >> 8, value & 255];
  });
}

const word = (value) => [(value >> 8) & 255, value & 255];

function ethernet(payload, etherType, { target = '02:00:00:00:00:02', vlan } = {}) {
  const tag = vlan === undefined ? [] : [...word(ETHER_TYPES.vlan), ...word(vlan)];
  const source = '02:00:00:00:00:01';
  const header = [...hexOctets(target), ...hexOctets(source), ...tag, ...word(etherType)];
  return Uint8Array.from([...header, ...payload]);
}

function ip(payload, protocol, { source, target, fragment = 0, options = 0 }) {
  const header = 20 + options;
  return [
    ...[0x40 | (header / 4), 0, ...word(header + payload.length), 0x12, 0x34, ...word(fragment)],
    ...[64, PROTOCOLS[protocol], 0, 0, ...octets(source), ...octets(target)],
    ...Array(options).fill(1),
    ...payload,
  ];
}

function ip6(payload, nextHeader, { source, target }) {
  const fixed = [0x60, 0, 0, 0, ...word(payload.length), nextHeader, 64];
  return [...fixed, ...octets6(source), ...octets6(target), ...payload];
}

const tcpHeader = (from, to, flags) => [
  ...[...word(from), ...word(to), 0, 0, 0, 1, 0, 0, 0, 2],
  ...[0x50, flags, 0x20, 0, 0, 0, 0, 0],
];

const udpHeader = (from, to, size) => [...word(from), ...word(to), ...word(8 + size), 0, 0];

const bytes = (count) => Array.from({ length: count }, (_, i) => (i * 7 + 3) & 255);

const PEERS = { source: '192.0.2.1', target: '198.51.100.7' };
const PEERS6 = { source: '2001:db8::7', target: '2001:db8::8' };

/**
 * TCP over IPv4.
 *
 * @param options `from`, `to`: ports; `flags`; `size`: bytes of payload; `source`, `target`;
 *   `vlan`: the tag's id; `fragment`: flags and offset; `options`: bytes of IP options
 */
export function tcp({ from = 40000, to = 443, flags = TCP.ACK, size = 0, ...rest } = {}) {
  const payload = [...tcpHeader(from, to, flags), ...bytes(size)];
  return ethernet(ip(payload, 'tcp', { ...PEERS, ...rest }), ETHER_TYPES.ip, { vlan: rest.vlan });
}

/** UDP over IPv4; the options of `tcp`, and `mac`: where the frame is sent to. */
export function udp({ from = 40000, to = 443, size = 20, mac, ...rest } = {}) {
  const payload = [...udpHeader(from, to, size), ...bytes(size)];
  const options = mac === undefined ? {} : { target: mac };
  return ethernet(ip(payload, 'udp', { ...PEERS, ...rest }), ETHER_TYPES.ip, options);
}

/** An ICMP message of a type: 8 is an echo request. */
export const icmp = (type) =>
  ethernet(ip([type, 0, 0, 0, 0, 1, 0, 1, ...bytes(40)], 'icmp', PEERS), ETHER_TYPES.ip);

/** An ARP request, sent to everybody; 42 bytes, as a host hands it to its device. */
export function arp({ source, target } = PEERS) {
  const kinds = [...word(1), ...word(ETHER_TYPES.ip), 6, 4, ...word(1)];
  const asking = [...hexOctets('02:00:00:00:00:01'), ...octets(source)];
  const asked = [...Array(6).fill(0), ...octets(target)];
  return ethernet([...kinds, ...asking, ...asked], ETHER_TYPES.arp, { target: BROADCAST });
}

/** TCP over IPv6; `hopByHop`: behind an extension header of 8 bytes. */
export function tcp6({ from = 40000, to = 443, hopByHop = false, ...peers } = {}) {
  const payload = [...tcpHeader(from, to, TCP.ACK), ...bytes(12)];
  const extended = [PROTOCOLS.tcp, 0, 1, 4, 0, 0, 0, 0, ...payload];
  const [next, rest] = hopByHop ? [0, extended] : [PROTOCOLS.tcp, payload];
  return ethernet(ip6(rest, next, { ...PEERS6, ...peers }), ETHER_TYPES.ip6);
}

/** UDP over IPv6. */
export function udp6({ from = 40000, to = 53 } = {}) {
  const payload = [...udpHeader(from, to, 20), ...bytes(20)];
  return ethernet(ip6(payload, PROTOCOLS.udp, PEERS6), ETHER_TYPES.ip6);
}
