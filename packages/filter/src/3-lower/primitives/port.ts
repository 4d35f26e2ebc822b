import type { BlockId } from '../../ir/types.ts';
import type { PredicateTest } from '../../predicate/types.ts';
import { type Builder, constant, load, type Targets, type Tree } from '../builder.ts';
import type { Headers } from '../headers.ts';
import { directed } from './address.ts';
import {
  ipv4HeaderLength,
  ipv4ProtocolIs,
  ipv6,
  ipv6NextHeaderIs,
  isFirstFragment,
} from './ip-header.ts';

type PortTest = Extract<PredicateTest, { kind: 'port' }>;

/** The same in TCP (RFC 9293), UDP (RFC 768) and SCTP (RFC 9260). */
const transport = { source: 0, destination: 2 } as const;

/** Ports, IPv6 first as libpcap's gen_port(); IPv6's transport header is only found at byte 40. */
export function port(build: Builder, headers: Headers, test: PortTest, to: Targets): BlockId {
  const ports = (offset: number, index?: Tree): BlockId => {
    const match = (at: number) => (targets: Targets) =>
      inRange(build, load(2, offset + at, index), test, targets);
    return directed(test.direction, match(transport.source), match(transport.destination), to);
  };
  const first = isFirstFragment(build, headers, {
    yes: ports(headers.network, ipv4HeaderLength(headers)),
    no: to.no,
  });
  const overIpv4 = anyOf(test.protocols, to.no, (number, no) =>
    ipv4ProtocolIs(build, headers, number, { yes: first, no }),
  );
  const behindIpv6 = ports(headers.network + ipv6.size);
  const overIpv6 = anyOf(test.protocols, to.no, (number, no) =>
    ipv6NextHeaderIs(build, headers, number, { yes: behindIpv6, no }),
  );
  const isIpv4 = headers.isProtocol(build, 'ip', { yes: overIpv4, no: to.no });
  return headers.isProtocol(build, 'ip6', { yes: overIpv6, no: isIpv4 });
}

/** Tests one after the other until one holds. */
function anyOf(
  numbers: readonly number[],
  none: BlockId,
  test: (number: number, no: BlockId) => BlockId,
): BlockId {
  return numbers.reduceRight<BlockId>((no, number) => test(number, no), none);
}

function inRange(
  build: Builder,
  value: Tree,
  { low, high }: { readonly low: number; readonly high: number },
  to: Targets,
): BlockId {
  if (low === high) return build.test('==', value, constant(low), to);
  const notAbove = build.test('>', value, constant(high), { yes: to.no, no: to.yes });
  return build.test('>=', value, constant(low), { yes: notAbove, no: to.no });
}
