import type { End } from '../../predicate/types.ts';
import { etherTypes } from '../../tables/protocols.ts';
import { networkHeader } from '../headers.ts';
import { allOf, anyOf, type Condition, field } from './condition.ts';
import { announces, type Context, type TestOf } from './context.ts';
import { ipv4, ipv6 } from './ip-header.ts';

/** The sender's address in ARP for IPv4 over 6-byte hardware addresses (RFC 826), and the target's. */
const arp = { source: 14, destination: 24 } as const;

/** Where addresses stand in the headers of those protocols that have IPv4's. */
const addresses = { ip: ipv4, arp, rarp: arp } as const;

/** One test on the source, the destination, or both, source first. */
export function directed(
  direction: End,
  at: { readonly source: number; readonly destination: number },
  matches: (offset: number) => Condition,
): Condition {
  switch (direction) {
    case 'src':
      return matches(at.source);
    case 'dst':
      return matches(at.destination);
    case 'src or dst':
      return anyOf(matches(at.source), matches(at.destination));
    case 'src and dst':
      return allOf(matches(at.source), matches(at.destination));
    default:
      return direction satisfies never;
  }
}

/** An IPv4 address in one protocol's header. (gencode.c: gen_hostop()) */
export function ipv4AddressIn(
  { headers }: Context,
  protocol: keyof typeof addresses,
  { direction, address, mask }: Pick<TestOf<'ipv4-address'>, 'direction' | 'address' | 'mask'>,
): Condition {
  const network = networkHeader(headers);
  return directed(direction, addresses[protocol], (offset) =>
    field(network, masked(offset, address, mask)),
  );
}

/** (gencode.c: gen_host()) */
export function ipv4Address(context: Context, test: TestOf<'ipv4-address'>): Condition {
  // In MPLS nothing tells ARP; who didn't ask for it by name can do without.
  const onlyIp = context.headers.mplsDepth > 0 && test.protocols.length > 1;
  const protocols = onlyIp ? (['ip'] as const) : test.protocols;
  return anyOf(
    ...protocols.map((protocol) =>
      allOf(announces(context, etherTypes[protocol]), ipv4AddressIn(context, protocol, test)),
    ),
  );
}

/** Four words, most significant first. (gencode.c: gen_hostop6()) */
export function ipv6Address(context: Context, test: TestOf<'ipv6-address'>): Condition {
  const network = networkHeader(context.headers);
  const address = directed(test.direction, ipv6, (offset) =>
    allOf(
      ...test.address.map((word, index) =>
        field(network, masked(offset + index * 4, word, test.mask[index]!)),
      ),
    ),
  );
  return allOf(announces(context, etherTypes.ip6), address);
}

const masked = (offset: number, value: number, mask: number) =>
  ({ offset, size: 4, value, ...(mask !== 0xffffffff && { mask }) }) as const;
