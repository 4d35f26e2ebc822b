// The set: 17 filters as people write them, with frames. Each is kept as C of a person, too, in
// handwritten/.
import { icmp, tcp, tcp6 } from './frames.mjs';
import { hostList, ruleList } from './lists.mjs';
import { data80, dns, mdns, other, syn80, tagged, traffic, web6 } from './traffic.mjs';

/** 16 frames, the last two such as match. */
const mixed = (matching) => [...traffic, matching, matching];

const payload =
  'tcp port 80 and (((ip[2:2] - ((ip[0] & 0xf) << 2)) - ((tcp[12] & 0xf0) >> 2)) != 0)';

const filter = (id, text, { matching, missing }) => ({
  id,
  text,
  matching,
  missing,
  mixed: mixed(matching),
});

/**
 * `id`, `text`, a frame that matches, one that does not, and 16 mixed ones; those of
 * lists.mjs have more.
 */
export const set = [
  filter('f01', 'ip', { matching: syn80, missing: web6 }),
  filter('f02', 'tcp', { matching: syn80, missing: dns }),
  filter('f03', 'tcp port 80', { matching: syn80, missing: other }),
  filter('f04', 'host 10.0.0.1', { matching: tcp({ target: '10.0.0.1' }), missing: dns }),
  filter('f05', 'ip6 host 2001:db8::1', {
    matching: tcp6({ source: '2001:db8::1' }),
    missing: syn80,
  }),
  filter('f06', 'net 192.168.0.0/16', {
    matching: tcp({ source: '192.168.7.9' }),
    missing: dns,
  }),
  filter('f07', 'portrange 1000-2000', { matching: tcp({ to: 1500 }), missing: other }),
  filter('f08', 'tcp[tcpflags] & (tcp-syn|tcp-fin) != 0', { matching: syn80, missing: data80 }),
  filter('f09', 'icmp[icmptype] = icmp-echo', { matching: icmp(8), missing: dns }),
  filter('f10', 'vlan 100 and tcp port 443', { matching: tagged, missing: syn80 }),
  filter('f11', 'ip6 protochain 6', { matching: tcp6({ hopByHop: true }), missing: syn80 }),
  filter('f12', 'not (tcp port 22 or udp port 53)', { matching: data80, missing: dns }),
  filter('f13', payload, { matching: data80, missing: syn80 }),
  filter('f14', 'ether multicast and not broadcast', { matching: mdns, missing: syn80 }),
  hostList('f15', 50),
  hostList('f16', 200),
  ruleList('f17', 10),
];
