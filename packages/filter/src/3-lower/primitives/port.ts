import { etherTypes } from '../../tables/protocols.ts';
import { type Headers, loadAt, type Place } from '../headers.ts';
import { constant } from '../tree.ts';
import { directed } from './address.ts';
import { allOf, anyOf, type Condition, compare, field } from './condition.ts';
import { announces, type Context, type TestOf } from './context.ts';
import {
  behindIpv4,
  behindIpv6,
  ipv4ProtocolIs,
  ipv6NextHeaderIs,
  isFirstFragment,
} from './ip-header.ts';

export type Ports = Pick<TestOf<'port'>, 'protocols' | 'direction' | 'low' | 'high'>;

/** The same in TCP (RFC 9293), UDP (RFC 768) and SCTP (RFC 9260). */
const transport = { source: 0, destination: 2 } as const;

/** IPv6 first, as libpcap does (gencode.c: gen_ncode()). */
export function port(context: Context, test: TestOf<'port'>): Condition {
  return anyOf(portOverIpv6(context, test), portOverIpv4(context, test));
}

/** (gencode.c: gen_port_common()) */
export function portOverIpv4(context: Context, ports: Ports): Condition {
  const { headers } = context;
  return allOf(
    announces(context, etherTypes.ip),
    anyProtocol(headers, ports, ipv4ProtocolIs),
    isFirstFragment(headers),
    portsAt(behindIpv4(headers), ports),
  );
}

/** (gencode.c: gen_port6_common()) */
export function portOverIpv6(context: Context, ports: Ports): Condition {
  const { headers } = context;
  return allOf(
    announces(context, etherTypes.ip6),
    anyProtocol(headers, ports, ipv6NextHeaderIs),
    portsAt(behindIpv6(headers), ports),
  );
}

const anyProtocol = (
  headers: Headers,
  { protocols }: Ports,
  is: (headers: Headers, number: number) => Condition,
): Condition => anyOf(...protocols.map((number) => is(headers, number)));

function portsAt(place: Place, { direction, low, high }: Ports): Condition {
  return directed(direction, transport, (offset) => {
    if (low === high) return field(place, { offset, size: 2, value: low });
    const value = loadAt(2, place, offset);
    return allOf(compare('>=', value, constant(low)), compare('<=', value, constant(high)));
  });
}
