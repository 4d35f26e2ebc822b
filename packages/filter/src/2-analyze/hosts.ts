import type { Identifier, Qualifiers } from '../ast/types.ts';
import * as messages from '../messages/analyze.ts';
import type { Predicate, PredicateTest } from '../predicate/types.ts';
import {
  formatIpv4,
  formatIpv6,
  leftJustified,
  type Masked,
  networkOf,
  parseIpv4,
  parseIpv6,
  prefixMask,
  prefixMask6,
} from '../tables/addresses.ts';
import { services } from '../tables/services.ts';
import { type Context, endOf, type Qualified, textOf, textOfQualifiers } from './context.ts';
import { insteadOf } from './instead.ts';

/**
 * `host` and `net` of IPv4, IPv6, ARP and RARP: a test on addresses, `undefined` beside a
 * diagnostic.
 *
 * @param sound whether the qualifiers go together; the identifier is checked in any case
 */
export function hostOrNetTest(
  qualified: Qualified,
  sound: boolean,
  context: Context,
): Predicate | undefined {
  const { id, qualifiers } = qualified;
  switch (id.kind) {
    case 'number': {
      const { value } = id;
      if (qualifiers.type === 'net') {
        return sound ? ipv4(leftJustified(value), qualified, context) : undefined;
      }
      if (value > 0 && value < 0x1000000) {
        const before = qualifiers.direction ?? '';
        context.warnings.push(messages.hostIsNumber(id.span, id.text, formatIpv4(value), before));
      }
      return sound ? ipv4({ address: value, mask: 0xffffffff }, qualified, context) : undefined;
    }
    case 'ipv4': {
      const masked = readIpv4(id, qualifiers, context);
      return masked && sound ? ipv4(masked, qualified, context) : undefined;
    }
    case 'ipv6': {
      const read = readIpv6(id, qualifiers, context);
      return read && sound ? ipv6(read.address, read.mask, qualified, context) : undefined;
    }
    case 'mac':
    case 'mac8': {
      if (!sound) return undefined;
      const hint = `write '${insteadOf({}, qualifiers, id)}'`;
      const what = `'${textOfQualifiers(qualifiers)} ${id.text}'`;
      const why = 'a hardware address belongs to the link layer';
      context.diagnostics.push(messages.qualifierMismatch(id.span, what, why, hint));
      return undefined;
    }
    case 'name':
      if (!sound) return undefined;
      return qualifiers.type === 'net'
        ? network(qualified, id.text, context)
        : host(qualified, id.text, context);
    default:
      return id satisfies never;
  }
}

const protocolsOf = (word: string | undefined): readonly ('ip' | 'arp' | 'rarp')[] =>
  word === undefined ? ['ip', 'arp', 'rarp'] : [word as 'ip' | 'arp' | 'rarp'];

function ipv4(
  { address, mask }: Masked,
  { id, qualifiers, span }: Qualified,
  { diagnostics }: Context,
): PredicateTest | undefined {
  if (qualifiers.protocol === 'ip6') {
    const what = `'${textOfQualifiers(qualifiers)} ${textOf(id)}'`;
    const why = `${id.kind === 'name' ? `'${id.text}'` : 'this'} is IPv4`;
    diagnostics.push(messages.qualifierMismatch(id.span, what, why, "leave 'ip6' out"));
    return undefined;
  }
  const direction = endOf(qualifiers);
  const protocols = protocolsOf(qualifiers.protocol);
  return { kind: 'ipv4-address', protocols, direction, address, mask, span };
}

function ipv6(
  address: readonly number[],
  mask: readonly number[],
  { id, qualifiers, span }: Qualified,
  { diagnostics }: Context,
): PredicateTest | undefined {
  const { protocol } = qualifiers;
  if (protocol !== undefined && protocol !== 'ip6') {
    const what = `'${textOfQualifiers(qualifiers)} ${textOf(id)}'`;
    diagnostics.push(
      messages.qualifierMismatch(id.span, what, 'this is IPv6', "write 'ip6' or no protocol"),
    );
    return undefined;
  }
  return { kind: 'ipv6-address', direction: endOf(qualifiers), address, mask, span };
}

function readIpv4(
  id: Extract<Identifier, { kind: 'ipv4' }>,
  qualifiers: Qualifiers,
  { diagnostics, warnings }: Context,
): Masked | undefined {
  const { type = 'host' } = qualifiers;
  const parsed = parseIpv4(id.text);
  if (typeof parsed === 'string') {
    diagnostics.push(messages.badAddress(id.span, id.text, parsed));
    return undefined;
  }
  if (type === 'host' && (id.prefix !== undefined || id.mask !== undefined)) {
    const network = insteadOf({ protocol: qualifiers.protocol }, qualifiers, id);
    diagnostics.push(messages.hostTakesNoPrefix(id.span, textOf(id), network));
    return undefined;
  }
  let mask = prefixMask(parsed.bits);
  const zeros = /(?:\.0+)+$/.exec(id.text)?.[0].split('.').length ?? 1;
  if (type === 'net' && parsed.bits === 32 && id.prefix === undefined && id.mask === undefined) {
    if (zeros > 1 && parsed.address !== 0) {
      const network = `${textOfQualifiers(qualifiers)} ${id.text}/${8 * (5 - zeros)}`;
      warnings.push(messages.netIsHost(id.span, id.text, network));
    }
  }
  if (type === 'host' && parsed.bits < 32) {
    const whole = `${formatIpv4(parsed.address)}/${parsed.bits}`;
    warnings.push(messages.hostIsNetwork(id.span, id.text, whole));
  }
  if (id.prefix !== undefined) {
    if (id.prefix > 32) {
      diagnostics.push(messages.outOfRange(id.span, 'an IPv4 prefix length', 32));
      return undefined;
    }
    mask = prefixMask(id.prefix);
  } else if (id.mask !== undefined) {
    const given = parseIpv4(id.mask);
    if (typeof given === 'string') {
      diagnostics.push(messages.badAddress(id.span, id.mask, given));
      return undefined;
    }
    mask = given.address;
  }
  if ((parsed.address & ~mask) !== 0) {
    const suffix = id.mask === undefined ? `/${id.prefix}` : ` mask ${id.mask}`;
    const inside = `${formatIpv4((parsed.address & mask) >>> 0)}${suffix}`;
    diagnostics.push(messages.hostBitsSet(id.span, textOf(id), inside));
    return undefined;
  }
  return { address: parsed.address, mask };
}

function readIpv6(
  id: Extract<Identifier, { kind: 'ipv6' }>,
  qualifiers: Qualifiers,
  { diagnostics }: Context,
): { address: readonly number[]; mask: readonly number[] } | undefined {
  const address = parseIpv6(id.text);
  if (typeof address === 'string') {
    diagnostics.push(messages.badAddress(id.span, id.text, address));
    return undefined;
  }
  const prefix = id.prefix ?? 128;
  if (prefix > 128) {
    diagnostics.push(messages.outOfRange(id.span, 'an IPv6 prefix length', 128));
    return undefined;
  }
  if ((qualifiers.type ?? 'host') === 'host' && prefix !== 128) {
    const network = insteadOf({ protocol: qualifiers.protocol }, qualifiers, id);
    diagnostics.push(messages.hostTakesNoPrefix(id.span, textOf(id), network));
    return undefined;
  }
  const mask = prefixMask6(prefix);
  const network = address.map((word, at) => (word & mask[at]!) >>> 0);
  if (network.some((word, at) => word !== address[at])) {
    diagnostics.push(messages.hostBitsSet(id.span, textOf(id), `${formatIpv6(network)}/${prefix}`));
    return undefined;
  }
  return { address, mask };
}

function network(qualified: Qualified, name: string, context: Context): PredicateTest | undefined {
  const number = context.names.networks?.get(name);
  if (number === undefined || number === 0) {
    const hint = /^[0-9a-f]{1,4}$/i.test(name)
      ? `an IPv6 network is written with its colons: 'net ${name}::/16'`
      : "names of networks are looked up in networks(5): write its address, as in 'net 10.0.0.0/8'";
    const { span } = qualified.id;
    context.diagnostics.push(messages.unknownName(span, 'network', name, undefined, [], hint));
    if (qualified.qualifiers.protocol === 'ip6') return undefined;
  }
  return ipv4(leftJustified(number ?? 0), qualified, context);
}

const allOfIpv6 = prefixMask6(128);

/**
 * All addresses of a name, or-ed: those of IPv4 and then those of IPv6, each in order (libpcap,
 * gen_host46_byname()), so that the same filter is the same program whatever a resolver says first.
 * For a name that nobody knows, a test of its kind stands in beside the diagnostic.
 */
function host(qualified: Qualified, name: string, context: Context): Predicate | undefined {
  const { id, qualifiers, span } = qualified;
  const { protocol } = qualifiers;
  const found = context.names.hosts?.get(name);
  const [is4, is6] = [protocol !== 'ip6', protocol === undefined || protocol === 'ip6'];
  const tests: Predicate[] = [];
  const direction = endOf(qualifiers);
  for (const address of is4 ? [...(found?.ipv4 ?? [])].sort((a, b) => a - b) : []) {
    const protocols = protocolsOf(protocol);
    tests.push({ kind: 'ipv4-address', protocols, direction, address, mask: 0xffffffff, span });
  }
  for (const address of is6 ? [...(found?.ipv6 ?? [])].sort(compareWords) : []) {
    tests.push({ kind: 'ipv6-address', direction, address, mask: allOfIpv6, span });
  }
  const [first, ...rest] = tests;
  if (first !== undefined) {
    return { kind: 'chain', first, rest: rest.map((operand) => ({ op: 'or', operand })) };
  }
  const missing = found === undefined ? 'host' : `host with an ${is4 ? 'IPv4' : 'IPv6'} address`;
  const hint = hostHint(name, found !== undefined);
  context.diagnostics.push(messages.unknownName(id.span, missing, name, undefined, [], hint));
  return is4
    ? ipv4({ address: 0, mask: 0xffffffff }, qualified, context)
    : ipv6([0, 0, 0, 0], allOfIpv6, qualified, context);
}

const compareWords = (a: readonly number[], b: readonly number[]): number =>
  a.map((word, at) => word - b[at]!).find((difference) => difference !== 0) ?? 0;

/** @param known does it have addresses of another family? */
function hostHint(name: string, known: boolean): string {
  const range = /^([0-9]+\.[0-9]+\.[0-9]+\.)([0-9]+)-(?:\1)?([0-9]+)$/.exec(name);
  if (range !== null) {
    const [low, high] = [Number(range[2]), Number(range[3])];
    const apart = 32 - Math.clz32(low ^ high);
    const network = apart <= 8 && networkOf(`${range[1]}${low & 0xff}`, 32 - apart);
    if (network) return `addresses have no ranges: 'net ${network}' holds these`;
  }
  if (known) return 'it has addresses of the other family';
  return services.has(name)
    ? `for the port write 'port ${name}'`
    : 'names of hosts are looked up in hosts(5) and in DNS: check its spelling or write its address';
}
