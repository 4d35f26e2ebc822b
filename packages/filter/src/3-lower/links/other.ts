import type { LinkTypeName } from '../../tables/link-types.ts';
import type { Link, MtpOffsets } from '../headers.ts';
import { etherTypeOnly } from './fields.ts';
import { type Layout, type Layouts, notSet } from './layout.ts';

/** An EtherType somewhere in a header of fixed length. */
function withEtherType(name: LinkTypeName, protocol: number, payload: number): Layout {
  return {
    link: { name, protocols: etherTypeOnly },
    protocol: { offset: protocol },
    payload: { offset: payload },
    network: 0,
    networkNoSnap: 0,
  };
}

/** A link type of which only bytes and lengths can be asked, or what `more` says. */
export function withoutProtocols(name: LinkTypeName, more: Partial<Link> = {}): Layout {
  return {
    link: { name, ...more },
    payload: { offset: notSet },
    network: notSet,
    networkNoSnap: notSet,
  };
}

/** SS7: MTP2 behind a header of so many bytes (ITU-T Q.703 clause 2.2, Q.704 clause 2.2). */
const mtp = (start: number): MtpOffsets => ({
  length: start + 2,
  lengthHsl: start + 4,
  sio: start + 3,
  opc: start + 4,
  dpc: start + 4,
  sls: start + 7,
});

export const otherLayouts: Layouts = {
  APPLE_IP_OVER_IEEE1394: withEtherType('APPLE_IP_OVER_IEEE1394', 16, 18),
  SYMANTEC_FIREWALL: withEtherType('SYMANTEC_FIREWALL', 6, 44),
  MTP2: withoutProtocols('MTP2', { mtp: mtp(0) }),
  MTP2_WITH_PHDR: withoutProtocols('MTP2_WITH_PHDR', { mtp: mtp(4) }),
  ERF: withoutProtocols('ERF', { mtp: mtp(20) }),
};
