/** The largest number that may follow a word; the smallest is 0. */
export const largest = {
  /** IEEE 802.1Q: 12 bits. */
  vlan: 0xfff,
  /** RFC 3032: 20 bits. */
  mpls: 0xfffff,
  /** RFC 2516: 16 bits. */
  pppoes: 0xffff,
  /** RFC 8926, RFC 7348: 24 bits. */
  geneve: 0xffffff,
  vxlan: 0xffffff,
  /** ITU-T I.361. */
  vpi: 0xff,
  vci: 0xffff,
  /** ITU-T Q.704: service information octet, point codes of 14 bits, link selection of 4. */
  sio: 0xff,
  opc: 0x3fff,
  dpc: 0x3fff,
  sls: 0xf,
  hsio: 0xff,
  hopc: 0x3fff,
  hdpc: 0x3fff,
  hsls: 0xf,
} as const;

/** Is this a number that an unsigned field can hold whose largest number is `most`? */
export const fitsField = (value: number, most: number): boolean =>
  Number.isInteger(value) && value >= 0 && value <= most;

/** The largest number of 32 bits, unsigned. */
export const largestUint32 = 0xffffffff;
