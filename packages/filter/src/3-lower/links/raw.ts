import type { LinkTypeName } from '../../tables/link-types.ts';
import type { FieldTest, Link, ProtocolField } from '../headers.ts';
import { announcedBy } from './fields.ts';
import type { Layout, Layouts } from './layout.ts';
import { etherType } from './numbers.ts';

/** The first four bits of an IP header. */
const version = (number: 4 | 6): FieldTest => ({
  offset: 0,
  size: 1,
  mask: 0xf0,
  value: number << 4,
});

/**
 * No field says what follows: the version of IP does. It is looked for at the packet's first byte,
 * also in SLIP, where libpcap's header stands there.
 */
const byVersion: ProtocolField = announcedBy('header', {
  [etherType.ip]: [version(4)],
  [etherType.ip6]: [version(6)],
});

const always = (protocol: number): ProtocolField => announcedBy('header', { [protocol]: 'always' });

function layout(
  name: LinkTypeName,
  protocols: ProtocolField,
  payload: number,
  more: Partial<Link> = {},
): Layout {
  return {
    link: { name, protocols, ...more },
    payload: { offset: payload },
    network: 0,
    networkNoSnap: 0,
  };
}

/** A byte in front that libpcap and the BSD drivers put there. */
const slipDirection = (value: 0 | 1): FieldTest => ({ offset: 0, size: 1, value });

/** One protocol, or IP of either version, without a field that tells. */
export const rawLayouts: Layouts = {
  RAW: layout('RAW', byVersion, 0),
  IPV4: layout('IPV4', always(etherType.ip), 0),
  IPV6: layout('IPV6', always(etherType.ip6), 0),
  SLIP: layout('SLIP', byVersion, 16, {
    direction: { inbound: slipDirection(0), outbound: slipDirection(1) },
  }),
  SLIP_BSDOS: layout('SLIP_BSDOS', byVersion, 24),
  LTALK: layout('LTALK', always(etherType.atalk), 0),
};
