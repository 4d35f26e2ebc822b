/**
 * Words after `llc`: what IEEE 802.2's control field is under a mask, in its first byte. The three
 * formats first, then the supervisory ones, then the unnumbered ones without their poll/final bit.
 * Case does not count.
 */
export const llcControls: Readonly<
  Record<string, { readonly mask: number; readonly value: number }>
> = {
  i: { mask: 0x01, value: 0x00 },
  s: { mask: 0x03, value: 0x01 },
  u: { mask: 0x03, value: 0x03 },
  rr: { mask: 0x0f, value: 0x01 },
  rnr: { mask: 0x0f, value: 0x05 },
  rej: { mask: 0x0f, value: 0x09 },
  ui: { mask: 0xef, value: 0x03 },
  ua: { mask: 0xef, value: 0x63 },
  disc: { mask: 0xef, value: 0x43 },
  dm: { mask: 0xef, value: 0x0f },
  sabme: { mask: 0xef, value: 0x6f },
  test: { mask: 0xef, value: 0xe3 },
  xid: { mask: 0xef, value: 0xaf },
  frmr: { mask: 0xef, value: 0x87 },
};
