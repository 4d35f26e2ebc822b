/** Frames that no program on this machine would send, byte by byte. */

type Bytes = readonly number[];

/** From hex digits; blanks are for the reader. */
export const hex = (text: string): Bytes => [...Buffer.from(text.replaceAll(/\s/g, ''), 'hex')];

const be16 = (number: number): Bytes => [(number >> 8) & 0xff, number & 0xff];
const be32 = (number: number): Bytes => [...be16(number >>> 16), ...be16(number)];

/** A locally administered address of nobody here, so that nobody answers. */
export const nobody = '02:00:00:00:00:01';
export const other = '02:00:00:00:00:02';
const mac = (text: string): Bytes => hex(text.replaceAll(':', ''));

/** `type` is an EtherType, or what stands between the addresses and it: VLAN tags. */
export function ethernet(
  type: number | string,
  payload: Bytes,
  destination: string = nobody,
): Bytes {
  const typeBytes = typeof type === 'string' ? hex(type) : be16(type);
  const frame = [...mac(destination), ...mac(other), ...typeBytes, ...payload];
  // The shortest frame of Ethernet, without its checksum.
  return [...frame, ...new Array<number>(Math.max(0, 60 - frame.length)).fill(0)];
}

/** Networks for documentation (RFC 5737, RFC 3849), which no host here answers for. */
export const ipv4 = (
  protocol: number,
  payload: Bytes,
  destination: Bytes = [192, 0, 2, 2],
): Bytes => [
  ...[0x45, 0, ...be16(20 + payload.length), 0, 0, 0, 0, 64, protocol, 0, 0],
  ...[192, 0, 2, 1, ...destination],
  ...payload,
];

export const ipv6 = (next: number, payload: Bytes): Bytes => [
  ...[0x60, 0, 0, 0, ...be16(payload.length), next, 64],
  ...hex('20010db8 00000000 00000000 00000001'),
  ...hex('20010db8 00000000 00000000 00000002'),
  ...payload,
];

export const udp = (port: number, payload: Bytes = []): Bytes => [
  ...be16(4444),
  ...be16(port),
  ...be16(8 + payload.length),
  ...[0, 0],
  ...payload,
];

/** A segment with SYN set. */
export const tcp = (port: number): Bytes => [
  ...be16(4444),
  ...be16(port),
  ...hex('00000001 00000000 5002 ffff 0000 0000'),
];

/** RFC 3032: a label, the last one of its stack or not. */
export const mpls = (label: number, isLast: boolean): Bytes =>
  be32(label * 0x1000 + (isLast ? 0x100 : 0) + 64);

/** RFC 2516: a session, and what PPP says follows. */
export const pppoe = (session: number, protocol: number, payload: Bytes): Bytes => [
  ...[0x11, 0, ...be16(session), ...be16(payload.length + 2), ...be16(protocol)],
  ...payload,
];

/** RFC 8926, with so many words of options. */
export const geneve = (vni: number, options: number, type: number, payload: Bytes): Bytes => [
  ...[options, 0, ...be16(type), ...be32(vni * 256)],
  ...new Array<number>(4 * options).fill(0x80),
  ...payload,
];

/** RFC 7348 */
export const vxlan = (vni: number, payload: Bytes): Bytes => [
  ...[8, 0, 0, 0, ...be32(vni * 256)],
  ...payload,
];

/** An IPv6 extension header of eight bytes: hop-by-hop, routing, destination options. */
export const extension = (next: number): Bytes => [next, 0, 1, 4, 0, 0, 0, 0];

const ip = { v4: 0x0800, v6: 0x86dd, arp: 0x0806 } as const;
const icmpEcho = hex('0800 0000 0001 0001');
const arpRequest = hex('0001 0800 06 04 0001 020000000002 c0000201 000000000000 c0000202');
const broadcast = 'ff:ff:ff:ff:ff:ff';

/** Some of each kind that the filter language has a word for, as they would come from a switch. */
export const frames: readonly Bytes[] = [
  ethernet(ip.v4, ipv4(1, icmpEcho)),
  ethernet(ip.v4, ipv4(6, tcp(80))),
  ethernet(ip.v6, ipv6(17, udp(53))),
  ethernet(ip.arp, arpRequest, broadcast),
  // Tags: one, two, a service provider's, one with a priority and no VLAN.
  ...['8100 0005', '8100 0005 8100 0007', '88a8 0009 8100 0005', '8100 2000', '8100 e005'].flatMap(
    (tags) => [
      ethernet(`${tags} 0800`, ipv4(1, icmpEcho)),
      ethernet(`${tags} 0800`, ipv4(6, [...tcp(80), ...new Array<number>(100).fill(7)])),
      ethernet(`${tags} 86dd`, ipv6(17, udp(53))),
      ethernet(`${tags} 0806`, arpRequest, broadcast),
      ethernet(`${tags} 8847`, [...mpls(100, true), ...ipv4(6, tcp(80))]),
      ethernet(`${tags} 8864`, pppoe(0x27, 0x21, ipv4(6, tcp(80)))),
    ],
  ),
  ethernet(0x8847, [...mpls(100, true), ...ipv4(6, tcp(80))]),
  ethernet(0x8847, [...mpls(100, false), ...mpls(1024, true), ...ipv6(17, udp(53))]),
  ethernet(0x8863, hex('1109 0000 0004 01010000'), broadcast),
  ethernet(0x8864, pppoe(0x27, 0x21, ipv4(6, tcp(80)))),
  ethernet(0x8864, pppoe(0x28, 0x57, ipv6(17, udp(53)))),
  ...[0, 3].flatMap((options) => [
    ethernet(
      ip.v4,
      ipv4(17, udp(6081, geneve(11, options, 0x6558, ethernet(ip.v4, ipv4(6, tcp(80)))))),
    ),
    ethernet(ip.v6, ipv6(17, udp(6081, geneve(12, options, ip.v6, ipv6(17, udp(53)))))),
  ]),
  ethernet(ip.v4, ipv4(17, udp(4789, vxlan(7, ethernet(ip.v4, ipv4(6, tcp(80))))))),
  ethernet(ip.v6, ipv6(17, udp(4789, vxlan(8, ethernet(ip.v6, ipv6(17, udp(53))))))),
  // Behind one extension header, behind four, and behind an authentication header (RFC 4302).
  ethernet(ip.v6, ipv6(0, [...extension(6), ...tcp(80)])),
  ethernet(ip.v6, ipv6(0, [...[60, 43, 44].flatMap(extension), ...extension(6), ...tcp(80)])),
  ethernet(
    ip.v6,
    ipv6(60, [...extension(51), ...hex('1104 0000'), ...new Array<number>(20).fill(1), ...udp(53)]),
  ),
  ethernet(ip.v4, ipv4(51, [...hex('0604 0000'), ...new Array<number>(20).fill(1), ...tcp(80)])),
  // IEEE 802.3 with 802.2 behind it: spanning tree, and IS-IS.
  ethernet(38, hex(`424203 ${'00'.repeat(35)}`), '01:80:c2:00:00:00'),
  ethernet(20, hex(`fefe03 83 1b 01 00 10 ${'00'.repeat(12)}`), '01:80:c2:00:00:14'),
  ethernet(ip.v4, ipv4(17, udp(5353), [224, 0, 0, 251]), '01:00:5e:00:00:fb'),
  ethernet(ip.v4, ipv4(17, udp(68), [255, 255, 255, 255]), broadcast),
];

/** A line of hex for each frame: what send-frames.py reads. */
export const frameLines = (list: readonly Bytes[]): string =>
  list.map((frame) => `${Buffer.from(frame).toString('hex')}\n`).join('');
