import type { LinkTypeName } from '../../tables/link-types.ts';
import type { FieldTest, Link, ProtocolField } from '../headers.ts';
import { arith, constant, load, recall } from '../tree.ts';
import { announcedBy } from './fields.ts';
import { type Layout, type Layouts, notSet, plainLayout } from './layout.ts';
import { etherType } from './numbers.ts';

/** AF_INET and AF_INET6 of Linux (<bits/socket.h>): those of the machine that filters. */
const hostFamilies = { ip: [2], ip6: [10] } as const;

/** The same in Solaris, which its header uses wherever it is read. */
const solarisFamilies = { ip: [2], ip6: [26] } as const;

/** AF_INET6 of NetBSD and OpenBSD, of FreeBSD, and of macOS: what a capture file may have. */
const bsdFamilies = { ip: [2], ip6: [24, 28, 30] } as const;

/** How a family is written: the tests of which one must hold. */
type Encoding = (family: number) => readonly FieldTest[];

const networkOrder: Encoding = (value) => [{ offset: 0, size: 4, value }];
/** Four bytes in the byte order of the machine that captures, here a little-endian one. */
const hostOrder: Encoding = (value) => [{ offset: 0, size: 4, value: (value << 24) >>> 0 }];
/** The same if it may have been any machine. */
const eitherOrder: Encoding = (value) => [...hostOrder(value), ...networkOrder(value)];
const byteAt = (offset: number, value: number): FieldTest => ({ offset, size: 1, value });
const secondByte: Encoding = (value) => [byteAt(1, value)];

interface Families {
  readonly ip: readonly number[];
  readonly ip6: readonly number[];
}

const families = (encoding: Encoding, { ip, ip6 }: Families = hostFamilies): ProtocolField =>
  announcedBy('header', {
    [etherType.ip]: ip.flatMap(encoding),
    [etherType.ip6]: ip6.flatMap(encoding),
  });

/** How packets in capture files announce a protocol, where that differs from live ones. */
export const savefileProtocols: Readonly<Partial<Record<LinkTypeName, ProtocolField>>> = {
  NULL: families(eitherOrder, bsdFamilies),
  LOOP: families(networkOrder, bsdFamilies),
  ENC: families(eitherOrder, bsdFamilies),
  PFLOG: families(secondByte, bsdFamilies),
};

function layout(
  name: LinkTypeName,
  protocols: ProtocolField,
  payload: number,
  more: Partial<Link> = {},
): Layout {
  return { ...plainLayout({ name, protocols, ...more }, payload), protocol: { offset: 0 } };
}

/** Where the header's length goes (see {@link addressFamilyLayouts}, PFLOG). */
const headerLength = 0;

/** Link layers that announce a protocol by its address family. */
export const addressFamilyLayouts: Layouts = {
  NULL: layout('NULL', families(hostOrder), 4),
  LOOP: layout('LOOP', families(networkOrder), 4),
  ENC: layout('ENC', families(hostOrder), 12),
  // OpenBSD's <net/if_pflog.h>: length, address family, …, direction (1 in, 2 out) at byte 60.
  PFLOG: {
    link: {
      name: 'PFLOG',
      protocols: families(secondByte),
      direction: { inbound: byteAt(60, 1), outbound: byteAt(60, 2) },
      pflog: true,
    },
    protocol: { offset: 0 },
    payload: { offset: 0, index: recall(headerLength) },
    network: 0,
    networkNoSnap: 0,
    words: 1,
    // The length's byte doesn't count the padding to a multiple of four.
    prologue: (build, recalled, next) => {
      if (!recalled.has(headerLength)) return next;
      const padded = arith('&', arith('+', load(1, 0), constant(3)), constant(0xfffffffc));
      return build.store(headerLength, padded, next);
    },
  },
  // Solaris's <inet/ipnet.h>: version, address family, hook type (1 out, 2 in), …
  IPNET: {
    ...layout('IPNET', families(secondByte, solarisFamilies), 24, {
      direction: {
        inbound: { offset: 2, size: 2, value: 2 },
        outbound: { offset: 2, size: 2, value: 1 },
      },
    }),
    protocol: { offset: 1 },
    networkNoSnap: notSet,
  },
};
