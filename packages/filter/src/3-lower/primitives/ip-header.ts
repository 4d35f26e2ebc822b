import { etherTypes } from '../../tables/protocols.ts';
import { type Headers, loadAt, networkHeader, type Place, shift } from '../headers.ts';
import { arith, constant, type Tree } from '../tree.ts';
import { allOf, anyOf, bitsIn, type Condition, field, negate } from './condition.ts';
import { announces, type Context, type TestOf } from './context.ts';

/** Offsets in an IPv4 header (RFC 791 §3.1) and an IPv6 header (RFC 8200 §3). */
export const ipv4 = { fragment: 6, protocol: 9, source: 12, destination: 16 } as const;
export const ipv6 = { nextHeader: 6, source: 8, destination: 24, size: 40 } as const;

/** IANA "protocol-numbers". */
export const ipProtocol = { udp: 17, fragment: 44 } as const;

/** IPv4's header length in bytes: its low four bits count words of four. */
export const ipv4HeaderLength = (headers: Headers): Tree =>
  arith('*', arith('&', loadAt(1, networkHeader(headers)), constant(0xf)), constant(4));

/** The header behind IPv4's. */
export function behindIpv4(headers: Headers): Place {
  const { offset, index } = networkHeader(headers);
  const length = ipv4HeaderLength(headers);
  return { offset, index: index === undefined ? length : arith('+', length, index) };
}

/** What IPv6's fixed header is followed by: extension headers are not looked over. */
export const behindIpv6 = (headers: Headers): Place => shift(networkHeader(headers), ipv6.size);

/** Not a fragment, or the first one: only there does a transport header follow. */
export const isFirstFragment = (headers: Headers): Condition =>
  negate(bitsIn(loadAt(2, networkHeader(headers), ipv4.fragment), constant(0x1fff)));

export const ipv4ProtocolIs = (headers: Headers, number: number): Condition =>
  field(networkHeader(headers), { offset: ipv4.protocol, size: 1, value: number });

export const ipv6NextHeaderIs = (headers: Headers, number: number): Condition =>
  field(networkHeader(headers), { offset: ipv6.nextHeader, size: 1, value: number });

/**
 * An IP protocol, IPv4 first. Behind IPv6's header one fragment header is looked over; other
 * extension headers are not. (gencode.c: gen_proto())
 */
export function ipProtocolIs(
  context: Context,
  { number, over }: Pick<TestOf<'ip-protocol'>, 'number' | 'over'>,
): Condition {
  const { headers } = context;
  const overIpv4 =
    over.includes('ip') &&
    allOf(announces(context, etherTypes.ip), ipv4ProtocolIs(headers, number));
  const overIpv6 =
    over.includes('ip6') &&
    allOf(
      announces(context, etherTypes.ip6),
      anyOf(
        ipv6NextHeaderIs(headers, number),
        allOf(
          ipv6NextHeaderIs(headers, ipProtocol.fragment),
          field(behindIpv6(headers), { offset: 0, size: 1, value: number }),
        ),
      ),
    );
  return anyOf(overIpv4, overIpv6);
}
