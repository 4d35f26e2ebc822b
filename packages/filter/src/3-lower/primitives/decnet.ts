import type { End } from '../../predicate/types.ts';
import { etherTypes } from '../../tables/protocols.ts';
import { type Headers, networkHeader, shift } from '../headers.ts';
import { allOf, anyOf, type Condition, field } from './condition.ts';
import { announces, type Context, type TestOf } from './context.ts';

/**
 * A node of DECnet Phase IV. Two bytes of length are followed by none or one byte of padding (0x81),
 * and that by a data packet with a short header (flags 2 in the low three bits) or a long one (6).
 * Addresses are little-endian. Other paddings and packets are not looked into.
 * (gencode.c: gen_dnhostop())
 */
export function decnetAddress(context: Context, test: TestOf<'decnet-address'>): Condition {
  const { headers } = context;
  const address = ((test.address & 0xff) << 8) | (test.address >>> 8);
  return allOf(announces(context, etherTypes.decnet), atEnd(headers, test.direction, address));
}

function atEnd(headers: Headers, direction: End, address: number): Condition {
  switch (direction) {
    case 'src':
      return source(headers, address);
    case 'dst':
      return destination(headers, address);
    case 'src or dst':
      return anyOf(source(headers, address), destination(headers, address));
    case 'src and dst':
      return allOf(source(headers, address), destination(headers, address));
    default:
      return direction satisfies never;
  }
}

/** Bytes from the flags to the node's address. */
const toSource = { short: 3, long: 15 } as const;
const toDestination = { long: 7 } as const;

function source(headers: Headers, address: number): Condition {
  const flags = behindLength(headers);
  const node = (offset: number): Condition => field(flags, { offset, size: 2, value: address });
  return anyOf(
    allOf(field(flags, { offset: 0, size: 1, mask: 7, value: 2 }), node(toSource.short)),
    allOf(
      field(flags, { offset: 0, size: 2, mask: 0xff07, value: 0x8102 }),
      node(1 + toSource.short),
    ),
    ...longHeaders(headers, address, toSource.long),
  );
}

/** In a short header the destination stands beside the flags, and libpcap loads both at once. */
function destination(headers: Headers, address: number): Condition {
  const flags = behindLength(headers);
  return anyOf(
    field(flags, { offset: 0, size: 4, mask: 0x07ffff00, value: 0x02000000 | (address << 8) }),
    field(flags, {
      offset: 0,
      size: 4,
      mask: 0xff07ffff,
      value: (0x81020000 | address) >>> 0,
    }),
    ...longHeaders(headers, address, toDestination.long),
  );
}

function longHeaders(headers: Headers, address: number, offset: number): Condition[] {
  const flags = behindLength(headers);
  const node = (at: number): Condition => field(flags, { offset: at, size: 2, value: address });
  return [
    allOf(field(flags, { offset: 0, size: 1, mask: 7, value: 6 }), node(offset)),
    allOf(field(flags, { offset: 0, size: 2, mask: 0xff07, value: 0x8106 }), node(1 + offset)),
  ];
}

const behindLength = (headers: Headers) => shift(networkHeader(headers), 2);
