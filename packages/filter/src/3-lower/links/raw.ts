import type { FieldTest, ProtocolField } from '../headers.ts';
import { announcedBy } from './fields.ts';
import { type Layouts, plainLayout } from './layout.ts';
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

/** A byte in front that libpcap and the BSD drivers put there. */
const slipDirection = (value: 0 | 1): FieldTest => ({ offset: 0, size: 1, value });

/** One protocol, or IP of either version, without a field that tells. */
export const rawLayouts: Layouts = {
  RAW: plainLayout({ name: 'RAW', protocols: byVersion }, 0),
  IPV4: plainLayout({ name: 'IPV4', protocols: always(etherType.ip) }, 0),
  IPV6: plainLayout({ name: 'IPV6', protocols: always(etherType.ip6) }, 0),
  SLIP: plainLayout(
    {
      name: 'SLIP',
      protocols: byVersion,
      direction: { inbound: slipDirection(0), outbound: slipDirection(1) },
    },
    16,
  ),
  SLIP_BSDOS: plainLayout({ name: 'SLIP_BSDOS', protocols: byVersion }, 24),
  LTALK: plainLayout({ name: 'LTALK', protocols: always(etherType.atalk) }, 0),
};
