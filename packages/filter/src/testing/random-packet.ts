import type { Ancillary } from '../ir/types.ts';
import type { Below } from './random-classic.ts';

/** A packet of up to 80 bytes, most of them small numbers, so that comparisons come out both ways. */
export const randomPacket = (next: Below): Uint8Array =>
  Uint8Array.from({ length: next(80) }, () => (next(3) === 0 ? next(256) : next(4)));

export const randomAncillary = (next: Below): Ancillary => ({
  protocol: next(4),
  'packet-type': next(5),
  'interface-index': next(3),
  mark: next(2 ** 32),
  'vlan-tag': next(4096),
  'vlan-tag-present': next(2),
});
