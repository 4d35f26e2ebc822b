// The set: 17 filters as people write them, with frames. Each is kept as C of a person, too, in
// handwritten/.
import { dotted, randomHosts, randomRules } from './addresses.mjs';
import { arp, icmp, TCP, tcp, tcp6, udp, udp6 } from './frames.mjs';

const syn80 = tcp({ to: 80, flags: TCP.SYN });
const data80 = tcp({ from: 80, to: 40000, flags: TCP.ACK | TCP.PSH, size: 60 });
const other = tcp({ from: 40000, to: 50000, size: 20 });
const dns = udp({ to: 53 });
const mdns = udp({ from: 5353, to: 5353, target: '224.0.0.251', mac: '01:00:5e:00:00:fb' });
const web6 = tcp6({ to: 443 });
const tagged = tcp({ to: 443, vlan: 100 });

/** What passes a host in no particular order; the empty places are for what a filter looks for. */
const traffic = [
  ...[syn80, data80, other, tcp({ to: 22 }), tcp({ from: 1500, to: 6000 })],
  ...[dns, mdns, icmp(8), icmp(0), arp(), web6, udp6(), tagged, udp({ to: 4500, size: 60 })],
];

/** 16 frames: the traffic, and the last two such as match. */
const mixed = (...matching) => [...traffic, ...[matching[0], matching.at(-1)]];

const payload =
  'tcp port 80 and (((ip[2:2] - ((ip[0] & 0xf) << 2)) - ((tcp[12] & 0xf0) >> 2)) != 0)';

const filter = (id, text, { matching, missing, mixed: frames = mixed(matching) }) => ({
  id,
  text,
  matching,
  missing,
  mixed: frames,
});

/** 16 frames of which six are of hosts in a list. */
function mixedHosts(hosts) {
  const some = [1, 3, 5].map((part) => dotted(hosts[Math.floor((hosts.length * part) / 7)]));
  const hits = some.flatMap((host) => [
    tcp({ source: host, size: 10 }),
    udp({ target: host, size: 10 }),
  ]);
  return [...traffic.slice(0, 10), ...hits];
}

/** `host A or host B or …`, for a list of any length; the C beside it is made for the same hosts. */
export function hostList(id, count) {
  const hosts = randomHosts(count);
  return {
    ...filter(id, hosts.map((host) => `host ${dotted(host)}`).join(' or '), {
      // The last one: the longest way through a chain.
      matching: tcp({ target: dotted(hosts.at(-1)), size: 10 }),
      missing: other,
      mixed: mixedHosts(hosts),
    }),
    hosts,
  };
}

function ruleList(id, count) {
  const rules = randomRules(count).map(({ source, target, port }) => ({
    source: dotted(source),
    target: dotted(target),
    port,
  }));
  const text = rules
    .map(
      (each) =>
        `(src host ${each.source} and dst host ${each.target} and tcp dst port ${each.port})`,
    )
    .join(' or ');
  const frame = ({ port, ...peers }) => tcp({ to: port, ...peers });
  const hits = [0, 2, 4, 6, 8, 9].map((i) => frame(rules[i]));
  return {
    ...filter(id, text, {
      matching: frame(rules.at(-1)),
      missing: other,
      mixed: [...traffic.slice(0, 10), ...hits],
    }),
    rules: randomRules(count),
  };
}

/**
 * `id`, `text`, a frame that matches, one that does not, and 16 mixed ones; `hosts` or `rules` where
 * the C beside it needs them.
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
