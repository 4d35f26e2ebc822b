/** EtherTypes that a link layer treats by themselves (IANA "ieee-802-numbers"). */
export const etherType = {
  xns: 0x0600,
  ip: 0x0800,
  arp: 0x0806,
  decnet: 0x6003,
  rarp: 0x8035,
  atalk: 0x809b,
  aarp: 0x80f3,
  ipx: 0x8137,
  ip6: 0x86dd,
  mpls: 0x8847,
} as const;

/** Service access points of IEEE 802.2. */
export const sap = {
  ip: 0x06,
  stp: 0x42,
  ipx: 0xe0,
  netbeui: 0xf0,
  iso: 0xfe,
} as const;

/** The largest length in IEEE 802.3's length field; a larger number there is an EtherType. */
export const maxLength = 1500;
