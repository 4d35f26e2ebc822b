import * as messages from '../messages/analyze.ts';
import type { PredicateTest } from '../predicate/types.ts';
import { parseMac } from '../tables/addresses.ts';
import {
  type Context,
  endOf,
  isWlanDirection,
  type Qualified,
  textOf,
  textOfQualifiers,
} from './context.ts';

/** Stands in for the address of a name that nobody knows, beside the diagnostic. */
const noAddress = [0, 0, 0, 0, 0, 0];

/** `ether host`: a hardware address, or a name in ethers(5). */
export function linkAddressTest(
  { id, qualifiers, span }: Qualified,
  context: Context,
): PredicateTest | undefined {
  const direction = qualifiers.direction ?? 'src or dst';
  const mismatch = (why: string, hint?: string): undefined => {
    const what = `'${textOfQualifiers(qualifiers)} ${textOf(id)}'`;
    context.diagnostics.push(messages.qualifierMismatch(id.span, what, why, hint));
  };
  switch (id.kind) {
    case 'mac':
      return { kind: 'link-address', direction, address: parseMac(id.text), span };
    case 'mac8':
      if (isWlanDirection(direction)) {
        return mismatch(`'${direction}' is an address of six bytes`);
      }
      return {
        kind: 'link-address',
        direction,
        address: [Number.parseInt(id.text.slice(1), 16)],
        span,
      };
    case 'name': {
      const address = etherAddress(id.text, id, context);
      return { kind: 'link-address', direction, address, span };
    }
    case 'number':
    case 'ipv4':
    case 'ipv6':
      return mismatch('this is no hardware address', "write one as '00:11:22:33:44:55'");
    default:
      return id satisfies never;
  }
}

function etherAddress(
  name: string,
  { span }: Qualified['id'],
  { names, diagnostics }: Context,
): readonly number[] {
  const found = names.ethers?.get(name);
  if (found !== undefined) return found;
  const hint = "hardware addresses of names are looked up in ethers(5): write '00:11:22:33:44:55'";
  diagnostics.push(
    messages.unknownName(span, 'host with a hardware address', name, undefined, [], hint),
  );
  return noAddress;
}

/**
 * `gateway NAME`: the name must have a hardware address (ethers(5)) and IPv4 addresses. An error
 * says which of them it has not, and then a stand-in is made.
 */
export function gatewayTest(
  { id, qualifiers, span }: Qualified<'name'>,
  context: Context,
): PredicateTest {
  const { protocol } = qualifiers;
  const addresses = context.names.hosts?.get(id.text)?.ipv4 ?? [];
  const hardware = context.names.ethers?.get(id.text) ?? noAddress;
  if (addresses.length === 0 || hardware === noAddress) {
    const lacks = [
      ...(hardware === noAddress ? ['a hardware address'] : []),
      ...(addresses.length === 0 ? ['an IPv4 address'] : []),
    ];
    const kind = `host with ${lacks.join(' and ')}`;
    const hint = 'it must be in ethers(5), and in hosts(5) or DNS';
    context.diagnostics.push(messages.unknownName(id.span, kind, id.text, undefined, [], hint));
  }
  return {
    kind: 'gateway',
    protocols: protocol === undefined ? ['ip', 'arp', 'rarp'] : [protocol as 'ip' | 'arp' | 'rarp'],
    hardware,
    addresses: [...addresses].sort((a, b) => a - b),
    span,
  };
}

/** `decnet host AREA.NODE`: 0 to 63 and 0 to 1023, decimal. */
export function decnetTest(
  { id, qualifiers, span }: Qualified,
  { diagnostics }: Context,
): PredicateTest | undefined {
  if (id.kind !== 'number' && (id.kind !== 'ipv4' || textOf(id) !== id.text)) {
    const what = `'${textOfQualifiers(qualifiers)} ${textOf(id)}'`;
    const why = 'DECnet has other addresses';
    diagnostics.push(
      messages.qualifierMismatch(
        id.span,
        what,
        why,
        "write area and node, as in 'decnet host 1.23'",
      ),
    );
    return undefined;
  }
  const [area = -1, node = -1, ...more] = id.text.split('.').map(readDecimal);
  if (more.length > 0 || !(area >= 0 && area <= 63) || !(node >= 0 && node <= 1023)) {
    const why = 'it is an area from 0 to 63, a dot, and a node from 0 to 1023';
    diagnostics.push(messages.badAddress(id.span, id.text, why));
    return undefined;
  }
  return {
    kind: 'decnet-address',
    direction: endOf(qualifiers),
    address: area * 1024 + node,
    span,
  };
}

const readDecimal = (text: string): number => (/^[0-9]+$/.test(text) ? Number(text) : -1);
