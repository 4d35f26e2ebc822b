import type { LinkTypeName } from '../../tables/link-types.ts';
import type { Addresses, Link } from '../headers.ts';
import type { Layout, Layouts } from './layout.ts';
import { llcProtocols } from './llc.ts';

/** A fixed header, then an 802.2 header in every frame. */
function layout(
  name: LinkTypeName,
  length: number,
  more: Partial<Link> & { readonly addresses?: Addresses },
): Layout {
  const place = { offset: length };
  return {
    link: { name, protocols: llcProtocols, ...more },
    protocol: place,
    payload: place,
    network: 8,
    networkNoSnap: 3,
  };
}

const mac48 = (source: number, destination: number): Addresses => ({
  kind: 'mac48',
  source,
  destination,
});

/**
 * Networks of the 802 kind. Token Ring's source routing, which makes its header longer, is not
 * looked at; nor is it in libpcap.
 */
export const ieee802Layouts: Layouts = {
  FDDI: layout('FDDI', 13, { addresses: mac48(7, 1), llc: 'always' }),
  IEEE802: layout('IEEE802', 14, { addresses: mac48(8, 2), llc: 'always' }),
  IP_OVER_FC: layout('IP_OVER_FC', 16, { addresses: mac48(10, 2) }),
  ATM_RFC1483: layout('ATM_RFC1483', 0, { llc: 'always' }),
  ATM_CLIP: layout('ATM_CLIP', 0, {}),
};
