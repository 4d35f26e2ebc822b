import type { LinkTypeName } from '../../tables/link-types.ts';
import type { Addresses, FieldTest } from '../headers.ts';
import { announcedBy } from './fields.ts';
import { type Layout, type Layouts, notSet } from './layout.ts';
import { etherType } from './numbers.ts';

const systemCode = (value: number): readonly FieldTest[] => [{ offset: 0, size: 1, value }];

/** The system codes of RFC 1201; those of RFC 1051 come with another header length. */
const protocols = announcedBy('protocol', {
  [etherType.ip]: systemCode(212),
  [etherType.arp]: systemCode(213),
  [etherType.rarp]: systemCode(214),
  [etherType.atalk]: systemCode(221),
  [etherType.ip6]: systemCode(196),
});

/** 0 is everybody, and there are no groups. */
const addresses: Addresses = {
  kind: 'mac8',
  source: 0,
  destination: 1,
  broadcast: 0,
  multicast: 0,
};

function arcnet(name: LinkTypeName, protocol: number): Layout {
  return {
    link: { name, protocols, addresses },
    protocol: { offset: protocol },
    payload: { offset: protocol + 4 },
    network: 0,
    networkNoSnap: 0,
  };
}

/** Networks whose hardware addresses are one byte. */
export const arcnetLayouts: Layouts = {
  ARCNET: arcnet('ARCNET', 2),
  ARCNET_LINUX: arcnet('ARCNET_LINUX', 4),
  // ANSI/ASHRAE 135 clause 9: frame type, destination, source; what follows is not IP.
  BACNET_MS_TP: {
    link: {
      name: 'BACNET_MS_TP',
      addresses: { kind: 'mac8', source: 4, destination: 3, broadcast: 0xff },
    },
    payload: { offset: notSet },
    network: notSet,
    networkNoSnap: notSet,
  },
};
