import type { Expression, Qualifiers } from '../ast/types.ts';
import { ipProtocolNumbers } from '../tables/ip-protocols.ts';
import { type Service, services } from '../tables/services.ts';
import { fits, isLink } from './rules.ts';

/** Names in a filter that somebody must look up before it can be compiled. */
export interface NeededNames {
  /** For their IPv4 and IPv6 addresses: DNS, hosts(5). */
  readonly hosts: readonly string[];
  /** networks(5). */
  readonly networks: readonly string[];
  /** services(5). */
  readonly ports: readonly string[];
  /** For their hardware addresses: ethers(5). */
  readonly ethers: readonly string[];
  /** IP protocols that the built-in table does not have: protocols(5). */
  readonly protocols: readonly string[];
}

/** What a resolver found; names that are absent are unknown. */
export interface ResolvedNames {
  /** IPv4 addresses as 32-bit numbers, IPv6 addresses as four words, most significant first. */
  readonly hosts?: ReadonlyMap<
    string,
    { readonly ipv4: readonly number[]; readonly ipv6: readonly (readonly number[])[] }
  >;
  /**
   * Networks as getnetbyname(3) gives them, in host byte order. What `net` makes of the number is
   * libpcap's: it moves to the left by whole bytes, so that 10 is 10.0.0.0/8, while 0x0a000000 is the
   * one address 10.0.0.0. glibc gives 0x0a000000 for `10.0.0.0` in networks(5), and for `10` too; a
   * C library that puts no zeros at the end gives 10 for the latter.
   */
  readonly networks?: ReadonlyMap<string, number>;
  /** Ports as in services(5). */
  readonly ports?: ReadonlyMap<string, Service>;
  /** Hardware addresses as in ethers(5), six bytes each. */
  readonly ethers?: ReadonlyMap<string, readonly number[]>;
  /** IP protocols as in protocols(5). */
  readonly protocols?: ReadonlyMap<string, number>;
}

/** A port by name: what the caller resolved, else the built-in table. */
export const lookUpPort = (name: string, names: ResolvedNames): Service | undefined =>
  names.ports?.get(name) ?? services.get(name);

/** An IP protocol by name: the built-in table, else what the caller resolved. */
export const lookUpProtocol = (name: string, names: ResolvedNames): number | undefined =>
  ipProtocolNumbers.get(name) ?? names.protocols?.get(name);

/**
 * The ends of a range of ports, which is one word to the scanner: `80-90`, `ftp-http`. One end if
 * there is no dash in it; `undefined` if there are several, or one with nothing on one side.
 */
export function rangeEnds(text: string): readonly string[] | undefined {
  const ends = text.split('-');
  return ends.length <= 2 && !ends.includes('') ? ends : undefined;
}

/** A number by its spelling, as one end of a range of ports may be. */
const isNumber = (text: string): boolean => /^[0-9]/.test(text);

type Found = { readonly [Kind in keyof NeededNames]: Set<string> };

/** The names that compiling this AST will ask for, each once. */
export function collectNames(ast: Expression | undefined): NeededNames {
  const found: Found = {
    hosts: new Set(),
    networks: new Set(),
    ports: new Set(),
    ethers: new Set(),
    protocols: new Set(),
  };
  if (ast !== undefined) visit(ast, undefined, found);
  return {
    hosts: [...found.hosts],
    networks: [...found.networks],
    ports: [...found.ports],
    ethers: [...found.ethers],
    protocols: [...found.protocols],
  };
}

/** Returns the qualifiers that an identifier behind this expression inherits. */
function visit(
  ast: Expression,
  inForce: Qualifiers | undefined,
  found: Found,
): Qualifiers | undefined {
  switch (ast.kind) {
    case 'chain': {
      let after = visit(ast.first, inForce, found);
      for (const { operand } of ast.rest) after = visit(operand, after, found);
      return after;
    }
    case 'not':
      return visit(ast.operand, inForce, found);
    case 'group':
      visit(ast.inner, inForce, found);
      return inForce;
    case 'primitive':
      visit(ast.ids, ast.qualifiers, found);
      return ast.qualifiers;
    case 'bare':
      if (ast.id.kind === 'name' && inForce !== undefined) add(ast.id.text, inForce, found);
      return inForce;
    default:
      return undefined;
  }
}

function add(name: string, { protocol, type = 'host' }: Qualifiers, found: Found): void {
  if (!fits(type, protocol) || protocol === 'decnet') return;
  switch (type) {
    case 'host':
      (isLink(protocol) ? found.ethers : found.hosts).add(name);
      return;
    case 'net':
      found.networks.add(name);
      return;
    case 'port':
      found.ports.add(name);
      return;
    case 'portrange':
      for (const end of rangeEnds(name) ?? []) if (!isNumber(end)) found.ports.add(end);
      return;
    case 'gateway':
      found.ethers.add(name);
      found.hosts.add(name);
      return;
    case 'proto':
    case 'protochain': {
      const isIp = protocol === undefined || protocol === 'ip' || protocol === 'ip6';
      if (isIp && !ipProtocolNumbers.has(name)) found.protocols.add(name);
      return;
    }
    default:
      (type) satisfies never;
  }
}
