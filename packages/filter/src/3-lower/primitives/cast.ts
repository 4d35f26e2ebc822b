import * as messages from '../../messages/lower.ts';
import { etherTypes } from '../../tables/protocols.ts';
import { type Headers, loadAt, networkHeader } from '../headers.ts';
import { constant } from '../tree.ts';
import { allOf, anyOf, bitsIn, type Condition, field } from './condition.ts';
import { announces, type Context, type TestOf, whereOf } from './context.ts';
import { isFrame, longAddress } from './hardware-address.ts';
import { ipv4, ipv6 } from './ip-header.ts';
import { destination } from './wlan-address.ts';

const everybody: readonly number[] = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

/** (gencode.c: gen_broadcast()) */
export function broadcast(context: Context, test: TestOf<'broadcast'>): Condition {
  const { headers } = context;
  if (test.of === 'ip') {
    const host = ~test.netmask >>> 0;
    const hostIs = (value: number): Condition =>
      field(networkHeader(headers), { offset: ipv4.destination, size: 4, mask: host, value });
    return allOf(announces(context, etherTypes.ip), anyOf(hostIs(0), hostIs(host)));
  }
  const { addresses } = headers.link;
  if (addresses?.kind === 'mac8') {
    const { destination: offset, broadcast: value } = addresses;
    return field(headers.header, { offset, size: 1, value });
  }
  return longAddress(context, 'dst', everybody, (span, where) =>
    messages.notOnLinkType(span, 'broadcast', where),
  );
}

/** (gencode.c: gen_multicast()) */
export function multicast(context: Context, { of }: TestOf<'multicast'>): Condition {
  const network = networkHeader(context.headers);
  switch (of) {
    case 'ip':
      return allOf(
        announces(context, etherTypes.ip),
        field(network, { offset: ipv4.destination, size: 1, mask: 0xf0, value: 0xe0 }),
      );
    case 'ip6':
      return allOf(
        announces(context, etherTypes.ip6),
        field(network, { offset: ipv6.destination, size: 1, value: 0xff }),
      );
    case 'link':
      return linkMulticast(context);
    default:
      return of satisfies never;
  }
}

/** The lowest bit of the destination's first byte; or an address of its own, of one byte. */
function linkMulticast({ headers, refuse }: Context): Condition {
  const { link, header } = headers;
  const { addresses } = link;
  if (addresses?.kind === 'wlan') {
    return destination(header, (offset) => isGroup(headers, offset));
  }
  if (addresses?.kind === 'mac48') {
    return allOf(isFrame(headers), isGroup(headers, addresses.destination));
  }
  if (addresses?.multicast !== undefined) {
    return field(header, { offset: addresses.destination, size: 1, value: addresses.multicast });
  }
  return refuse((span) => messages.notOnLinkType(span, 'multicast', whereOf(headers)));
}

const isGroup = ({ header }: Headers, offset: number): Condition =>
  bitsIn(loadAt(1, header, offset), constant(1));
