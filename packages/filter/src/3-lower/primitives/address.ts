import type { Direction } from '../../ast/types.ts';
import type { BlockId } from '../../ir/types.ts';
import type { PredicateTest } from '../../predicate/types.ts';
import { arith, type Builder, constant, load, type Targets } from '../builder.ts';
import type { Headers } from '../headers.ts';
import { ipv4, ipv6 } from './ip-header.ts';

type Ipv4Address = Extract<PredicateTest, { kind: 'ipv4-address' }>;
type Ipv6Address = Extract<PredicateTest, { kind: 'ipv6-address' }>;

/** The sender's address in ARP for IPv4 over 6-byte hardware addresses (RFC 826), and the target's. */
const arp = { source: 14, destination: 24 } as const;

/** One test on the source, the destination, or both, source first. */
export function directed(
  direction: Direction,
  source: (to: Targets) => BlockId,
  destination: (to: Targets) => BlockId,
  to: Targets,
): BlockId {
  switch (direction) {
    case 'src':
      return source(to);
    case 'dst':
      return destination(to);
    case 'src or dst':
      return source({ yes: to.yes, no: destination(to) });
    case 'src and dst':
      return source({ yes: destination(to), no: to.no });
    default:
      return direction satisfies never;
  }
}

export function ipv4Address(
  build: Builder,
  headers: Headers,
  test: Ipv4Address,
  to: Targets,
): BlockId {
  return test.protocols.reduceRight<BlockId>((next, protocol) => {
    const at = protocol === 'ip' ? ipv4 : arp;
    const match = (offset: number) => (targets: Targets) =>
      maskedWord(build, headers.network + offset, test.address, test.mask, targets);
    const address = directed(test.direction, match(at.source), match(at.destination), to);
    return headers.isProtocol(build, protocol, { yes: address, no: next });
  }, to.no);
}

export function ipv6Address(
  build: Builder,
  headers: Headers,
  test: Ipv6Address,
  to: Targets,
): BlockId {
  const match = (offset: number) => (targets: Targets) =>
    test.address.reduceRight<BlockId>(
      (next, word, index) =>
        maskedWord(build, headers.network + offset + index * 4, word, test.mask[index]!, {
          yes: next,
          no: targets.no,
        }),
      targets.yes,
    );
  const address = directed(test.direction, match(ipv6.source), match(ipv6.destination), to);
  return headers.isProtocol(build, 'ip6', { yes: address, no: to.no });
}

/** Four bytes compared under a mask; an empty mask asks nothing, and loads nothing. */
function maskedWord(
  build: Builder,
  offset: number,
  word: number,
  mask: number,
  to: Targets,
): BlockId {
  if (mask === 0) return to.yes;
  const loaded = load(4, offset);
  const masked = mask === 0xffffffff ? loaded : arith('&', loaded, constant(mask));
  return build.test('==', masked, constant(word), to);
}
