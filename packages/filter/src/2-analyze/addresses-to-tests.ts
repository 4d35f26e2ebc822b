import type { Identifier, Qualifiers } from '../ast/types.ts';
import * as messages from '../messages/analyze.ts';
import type { Predicate, PredicateTest } from '../predicate/types.ts';
import { words } from '../tables/words.ts';
import { formatIpv4, parseIpv4, parseIpv6, prefixMask, prefixMask6 } from './addresses.ts';
import type { Context } from './context.ts';

type Ipv4Protocols = readonly ('ip' | 'arp' | 'rarp')[];

/** `host` and `net`: an identifier to a test on addresses; `undefined` beside a diagnostic. */
export function addressTest(
  id: Identifier,
  qualifiers: Qualifiers,
  context: Context,
): Predicate | undefined {
  const type = qualifiers.type === 'net' ? 'net' : 'host';
  const protocol = qualifiers.protocol;
  if (protocol !== undefined && (words.links as readonly string[]).includes(protocol)) {
    const what = `'${protocol} ${type}'`;
    context.diagnostics.push(messages.notSupported(qualifiers.span, what));
    return undefined;
  }
  if (!isAddressProtocol(protocol)) {
    context.diagnostics.push(
      messages.qualifierMismatch(
        qualifiers.span,
        `'${protocol} ${type}'`,
        `'${protocol}' has no ${type} addresses`,
        `write '${protocol} and ${type} …'`,
      ),
    );
    return undefined;
  }
  switch (id.kind) {
    case 'number':
      return ipv4(
        type === 'net' ? leftJustified(id.value) : whole(id.value),
        id,
        qualifiers,
        context,
      );
    case 'ipv4':
      return dotted(id, type, qualifiers, context);
    case 'ipv6':
      return ipv6(id, type, qualifiers, context);
    case 'name':
      return named(id, type, qualifiers, context);
    case 'mac':
      context.diagnostics.push(messages.notSupported(id.span, 'a MAC address'));
      return undefined;
    default:
      return id satisfies never;
  }
}

const isAddressProtocol = (word: string | undefined): boolean =>
  word === undefined || ['ip', 'arp', 'rarp', 'ip6'].includes(word);

const whole = (address: number): Masked => ({ address, mask: 0xffffffff });

interface Masked {
  readonly address: number;
  readonly mask: number;
}

/** `net 10` is 10.0.0.0/8: the number moves to the left by whole bytes (libpcap: net 0 does not). */
function leftJustified(value: number): Masked {
  let bits = 32;
  let address = value;
  while (address !== 0 && address < 0x1000000) {
    address *= 256;
    bits -= 8;
  }
  return { address, mask: prefixMask(bits) };
}

function ipv4(
  { address, mask }: Masked,
  id: Identifier,
  qualifiers: Qualifiers,
  context: Context,
): PredicateTest | undefined {
  const word = qualifiers.protocol;
  if (word === 'ip6') {
    context.diagnostics.push(
      messages.qualifierMismatch(id.span, "'ip6' does not fit", 'this is an IPv4 address'),
    );
    return undefined;
  }
  const protocols: Ipv4Protocols =
    word === undefined ? ['ip', 'arp', 'rarp'] : [word as Ipv4Protocols[number]];
  const direction = qualifiers.direction ?? 'src or dst';
  return { kind: 'ipv4-address', protocols, direction, address, mask };
}

function dotted(
  id: Extract<Identifier, { kind: 'ipv4' }>,
  type: 'host' | 'net',
  qualifiers: Qualifiers,
  context: Context,
): PredicateTest | undefined {
  const { diagnostics } = context;
  const parsed = parseIpv4(id.text);
  if (typeof parsed === 'string') {
    diagnostics.push(messages.badAddress(id.span, id.text, parsed));
    return undefined;
  }
  const prefixed = id.prefix !== undefined || id.mask !== undefined;
  if (type === 'host' && prefixed) {
    diagnostics.push(messages.hostTakesNoPrefix(id.span));
    return undefined;
  }
  let mask = prefixMask(parsed.bits);
  if (id.prefix !== undefined) {
    if (id.prefix > 32) {
      diagnostics.push(messages.outOfRange(id.span, 'an IPv4 prefix length', 0, 32));
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
    const network = formatIpv4((parsed.address & mask) >>> 0);
    const suffix = id.mask === undefined ? `/${id.prefix}` : ` mask ${id.mask}`;
    diagnostics.push(messages.hostBitsSet(id.span, id.text, `${network}${suffix}`));
    return undefined;
  }
  return ipv4({ address: parsed.address, mask }, id, qualifiers, context);
}

function ipv6(
  id: Extract<Identifier, { kind: 'ipv6' }>,
  type: 'host' | 'net',
  qualifiers: Qualifiers,
  context: Context,
): PredicateTest | undefined {
  const { diagnostics } = context;
  const address = parseIpv6(id.text);
  if (typeof address === 'string') {
    diagnostics.push(messages.badAddress(id.span, id.text, address));
    return undefined;
  }
  const prefix = id.prefix ?? 128;
  if (prefix > 128) {
    diagnostics.push(messages.outOfRange(id.span, 'an IPv6 prefix length', 0, 128));
    return undefined;
  }
  if (type === 'host' && prefix !== 128) {
    diagnostics.push(messages.hostTakesNoPrefix(id.span));
    return undefined;
  }
  if (qualifiers.protocol !== undefined && qualifiers.protocol !== 'ip6') {
    diagnostics.push(
      messages.qualifierMismatch(
        id.span,
        `'${qualifiers.protocol}' does not fit`,
        'this is an IPv6 address',
        "write 'ip6' or nothing",
      ),
    );
    return undefined;
  }
  const mask = prefixMask6(prefix);
  if (address.some((word, index) => (word & ~mask[index]!) !== 0)) {
    const text = `the address with all bits beyond /${prefix} zero`;
    diagnostics.push(messages.hostBitsSet(id.span, `${id.text}/${prefix}`, text));
    return undefined;
  }
  return { kind: 'ipv6-address', direction: qualifiers.direction ?? 'src or dst', address, mask };
}

/** All addresses of a name, or-ed: IPv4 first, as libpcap does. */
function named(
  id: Extract<Identifier, { kind: 'name' }>,
  type: 'host' | 'net',
  qualifiers: Qualifiers,
  context: Context,
): Predicate | undefined {
  const { names, diagnostics } = context;
  if (type === 'net') {
    const network = names.networks?.get(id.text);
    if (network === undefined) {
      diagnostics.push(messages.unknownName(id.span, 'network', id.text));
      return undefined;
    }
    return ipv4(leftJustified(network), id, qualifiers, context);
  }
  const found = names.hosts?.get(id.text);
  const direction = qualifiers.direction ?? 'src or dst';
  const mask = prefixMask6(128);
  const tests: PredicateTest[] = [];
  if (qualifiers.protocol !== 'ip6') {
    for (const address of found?.ipv4 ?? []) {
      const test = ipv4(whole(address), id, qualifiers, context);
      if (test !== undefined) tests.push(test);
    }
  }
  if (qualifiers.protocol === undefined || qualifiers.protocol === 'ip6') {
    for (const address of found?.ipv6 ?? []) {
      tests.push({ kind: 'ipv6-address', direction, address, mask });
    }
  }
  const [first, ...rest] = tests;
  if (first === undefined) {
    diagnostics.push(messages.unknownName(id.span, 'host', id.text));
    return undefined;
  }
  return { kind: 'chain', first, rest: rest.map((operand) => ({ op: 'or', operand })) };
}
