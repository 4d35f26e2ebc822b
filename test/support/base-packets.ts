import type { Random } from './random.ts';

/** Where a header begins, and bytes to put one there. */
type Write = (bytes: Uint8Array, at: number, r: Random) => void;

/**
 * Random bytes under headers that begin plausibly: what steering alone seldom finds, such as the
 * length of a header that tells its own length.
 *
 * @param room the size of the buffer; more than the packet has
 */
export function basePacket(r: Random, linkType: string, room: number): Uint8Array {
  const bytes = Uint8Array.from({ length: room }, () => (r.oneIn(3) ? r.below(256) : r.below(3)));
  if (!r.oneIn(20)) headers[linkType]?.(bytes, 0, r);
  return bytes;
}

const ethernet: Write = (bytes, at, r) => {
  const protocol = r.pick([0x0800, 0x0800, 0x0806, 0x8035, 0x86dd, 0x86dd]);
  bytes.set([protocol >>> 8, protocol & 0xff], at + 12);
  (protocol === 0x86dd ? ipv6 : ipv4)(bytes, at + 14, r);
};

const ip: Write = (bytes, at, r) => (r.oneIn(3) ? ipv6 : ipv4)(bytes, at, r);

const ipv4: Write = (bytes, at, r) => {
  bytes[at] = r.pick([0x45, 0x45, 0x46, 0x4f, 0x40]);
  bytes[at + 6] = r.pick([0, 0, 0x40, 0x20]);
  bytes[at + 7] = r.oneIn(6) ? 1 : 0;
  bytes[at + 9] = r.pick([1, 6, 17, 132, 2]);
};

const ipv6: Write = (bytes, at, r) => {
  bytes[at] = 0x60 | r.below(16);
  bytes[at + 6] = r.pick([6, 17, 58, 44, 132, 0]);
  bytes[at + 40] = r.pick([6, 17, 58]);
};

/** 802.2 with SNAP: an EtherType in six bytes more. */
const snap: Write = (bytes, at, r) => {
  bytes.set([0xaa, 0xaa, 3, 0, 0, 0], at);
  const isIpv6 = r.oneIn(3);
  bytes.set(isIpv6 ? [0x86, 0xdd] : [8, r.pick([0, 0, 6])], at + 6);
  (isIpv6 ? ipv6 : ipv4)(bytes, at + 8, r);
};

/** Data with and without QoS, management, control; all four ways to and from the DS. */
const wlan: Write = (bytes, at, r) => {
  const control = r.pick([0x08, 0x08, 0x08, 0x88, 0x88, 0x80, 0x40, 0xb4, 0xd4]);
  bytes[at] = control;
  bytes[at + 1] = r.below(4);
  if ((control & 0x0c) === 0x08) snap(bytes, at + (control === 0x88 ? 26 : 24), r);
};

/** The length is in bytes 2 and 3, the lower one first. */
const radiotap: Write = (bytes, at, r) => {
  const length = 8 + 4 * r.below(10);
  bytes.set([0, 0, length, 0], at);
  wlan(bytes, at + length, r);
};

/** As radiotap; then the link type of what follows, which libpcap wants to be 802.11 (105). */
const ppi: Write = (bytes, at, r) => {
  radiotap(bytes, at, r);
  bytes.set([105, 0, 0, 0], at + 4);
};

/** AVS begins with 0x80211000 or so and its length; Prism has 144 bytes. */
const prism: Write = (bytes, at, r) => {
  if (r.oneIn(2)) {
    bytes.set([0x80, 0x21, 0x10, 1, 0, 0, 0, 64], at);
    wlan(bytes, at + 64, r);
  } else {
    bytes[at] = 0;
    wlan(bytes, at + 144, r);
  }
};

const headers: Readonly<Record<string, Write>> = {
  EN10MB: ethernet,
  RAW: ip,
  IPV4: ipv4,
  IPV6: ipv6,
  IEEE802_11: wlan,
  IEEE802_11_RADIO: radiotap,
  IEEE802_11_RADIO_AVS: prism,
  PRISM_HEADER: prism,
  PPI: ppi,
};
