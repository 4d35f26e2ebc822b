import type { Arithmetic, Expression } from '../../ast/types.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import * as messages from '../../messages/analyze.ts';
import type { Span } from '../../source.ts';
import { portProtocols } from '../../tables/protocols.ts';

type Load = Extract<Arithmetic, { kind: 'load' }>;

/** What of IPv4 and IPv6 can be told of the packets that an expression is true for. */
interface Facts {
  /** Only packets of these: `ip6`, an address. `undefined`: nothing is said. */
  readonly families: { readonly ip: boolean; readonly ip6: boolean } | undefined;
  /** Is a chain of extension headers followed? */
  readonly chained: boolean;
  /** A load that looks at IPv4 only; none below a `not`. */
  readonly load: Load | undefined;
  /** A test of ports; none below a `not`. */
  readonly port: Ports | undefined;
}

/** A test of ports, and the protocol that it says they are of. */
interface Ports {
  readonly span: Span;
  readonly protocol: string | undefined;
  /** Stands a chain of extension headers beside it? */
  readonly chained: boolean;
}

/** The first of each kind that misses something. */
interface Missing {
  load: Load | undefined;
  port: Ports | undefined;
}

/**
 * Tests that miss IPv6 where the filter is about it. `tcp[…]` and the like look at IPv4 only, which
 * is told where they are and-ed with something that is IPv6 or may be, in so many words:
 * `(ip or ip6) and tcp[13] & 2 != 0`. Ports are not found behind extension headers, which is told
 * where they are and-ed with what only IPv6 can be, or with a chain of extension headers.
 *
 * Silent for filters that leave IPv6 unsaid, such as `tcp[tcpflags] & tcp-syn != 0` or `port 80`,
 * and for alternatives: `icmp6 or tcp[13] & 2 != 0`.
 */
export function missesIpv6(ast: Expression): Diagnostic[] {
  const missing: Missing = { load: undefined, port: undefined };
  factsOf(ast, missing);
  const { load, port } = missing;
  return [
    ...(load === undefined ? [] : [messages.ipv4Only(load.span, load.protocol, inIpv6(load))]),
    ...(port === undefined
      ? []
      : [messages.missesExtensionHeaders(port.span, port.chained ? [] : protocolsOf(port))]),
  ];
}

/** Of ports without a protocol, TCP and UDP are told. */
const protocolsOf = ({ protocol }: Ports): { word: string; number: number }[] =>
  Object.entries(portProtocols)
    .filter(([word]) => (protocol === undefined ? word !== 'sctp' : word === protocol))
    .map(([word, number]) => ({ word, number }))
    .sort((a, b) => a.number - b.number);

const nothing: Facts = { families: undefined, chained: false, load: undefined, port: undefined };
const ip: Facts = { ...nothing, families: { ip: true, ip6: false } };
const ip6: Facts = { ...nothing, families: { ip: false, ip6: true } };

function factsOf(ast: Expression, missing: Missing): Facts {
  switch (ast.kind) {
    case 'chain': {
      let facts = factsOf(ast.first, missing);
      for (const { op, operand } of ast.rest) {
        const next = factsOf(operand, missing);
        facts = op === 'and' ? both(facts, next, missing) : either(facts, next);
      }
      return facts;
    }
    case 'group':
      return factsOf(ast.inner, missing);
    case 'not':
      factsOf(ast.operand, missing);
      return nothing;
    case 'primitive': {
      const { protocol, type } = ast.qualifiers;
      const facts = ofProtocol(protocol) ?? factsOf(ast.ids, missing);
      if (type === 'port' || type === 'portrange')
        return { ...facts, port: { span: ast.span, protocol, chained: false } };
      return type === 'protochain' ? { ...facts, chained: true } : facts;
    }
    case 'bare':
      return ast.id.kind === 'ipv6' ? ip6 : ast.id.kind === 'ipv4' ? ip : nothing;
    case 'protocol':
      return ofProtocol(ast.word) ?? nothing;
    case 'cast':
      return ofProtocol(ast.protocol) ?? nothing;
    case 'relation':
      return { ...nothing, load: ipv4Load(ast.left) ?? ipv4Load(ast.right) };
    default:
      return nothing;
  }
}

function ofProtocol(word: string | undefined): Facts | undefined {
  if (word === 'ip6' || word === 'icmp6') return ip6;
  return word === 'ip' || word === 'icmp' || word === 'arp' || word === 'rarp' ? ip : undefined;
}

function either(a: Facts, b: Facts): Facts {
  const families = a.families &&
    b.families && {
      ip: a.families.ip || b.families.ip,
      ip6: a.families.ip6 || b.families.ip6,
    };
  const chained = a.chained && b.chained;
  return { families, chained, load: a.load ?? b.load, port: a.port ?? b.port };
}

function both(a: Facts, b: Facts, missing: Missing): Facts {
  for (const [facts, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const { families, chained } = other;
    if (families?.ip6) missing.load ??= facts.load;
    if (facts.port && (chained || (families?.ip6 && !families.ip))) {
      missing.port ??= { ...facts.port, chained: a.chained || b.chained };
    }
  }
  const chained = a.chained || b.chained;
  const families =
    a.families && b.families
      ? { ip: a.families.ip && b.families.ip, ip6: a.families.ip6 && b.families.ip6 }
      : (a.families ?? b.families);
  return { families, chained, load: a.load ?? b.load, port: a.port ?? b.port };
}

/** Protocols whose headers are looked for behind IPv4's only (libpcap, gen_load()). */
const overIpv4 = new Set(['tcp', 'udp', 'sctp', 'icmp', 'igmp', 'igrp', 'pim', 'vrrp', 'carp']);

function ipv4Load(arithmetic: Arithmetic): Load | undefined {
  switch (arithmetic.kind) {
    case 'number':
    case 'length':
      return undefined;
    case 'negate':
      return ipv4Load(arithmetic.operand);
    case 'binary':
      return ipv4Load(arithmetic.left) ?? ipv4Load(arithmetic.right);
    case 'load':
      return overIpv4.has(arithmetic.protocol) ? arithmetic : ipv4Load(arithmetic.offset);
    default:
      return arithmetic satisfies never;
  }
}

/** The same bytes behind an IPv6 header of 40 bytes. */
function inIpv6({ protocol, offset, size }: Load): string | undefined {
  if (offset.kind !== 'number' || !['tcp', 'udp', 'sctp', 'pim'].includes(protocol)) {
    return undefined;
  }
  return `ip6[${40 + offset.value}${size === 1 ? '' : `:${size}`}]`;
}
