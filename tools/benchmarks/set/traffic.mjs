// What passes a host in no particular order.
import { arp, icmp, TCP, tcp, tcp6, udp, udp6 } from './frames.mjs';

export const syn80 = tcp({ to: 80, flags: TCP.SYN });
export const data80 = tcp({ from: 80, to: 40000, flags: TCP.ACK | TCP.PSH, size: 60 });
export const other = tcp({ from: 40000, to: 50000, size: 20 });
export const dns = udp({ to: 53 });
export const mdns = udp({ from: 5353, to: 5353, target: '224.0.0.251', mac: '01:00:5e:00:00:fb' });
export const web6 = tcp6({ to: 443 });
export const tagged = tcp({ to: 443, vlan: 100 });

export const traffic = [
  ...[syn80, data80, other, tcp({ to: 22 }), tcp({ from: 1500, to: 6000 })],
  ...[dns, mdns, icmp(8), icmp(0), arp(), web6, udp6(), tagged, udp({ to: 4500, size: 60 })],
];
