import type { Identifier, TypeWord } from '../ast/types.ts';
import { words } from '../tables/words.ts';

/** What goes with a word that says of which type an identifier is (libpcap's gen_*code()). */
export interface Rule {
  /** The protocols that may stand before it, beside none at all. */
  readonly protocols: ReadonlySet<string>;
  /** May one of the words for the frame itself, `ether` and its like? */
  readonly links: boolean;
  /** May `src`, `dst` and their like? */
  readonly directions: boolean;
  readonly identifiers: ReadonlySet<Identifier['kind']>;
  /** What a protocol that does not fit has not got. */
  readonly lacks: string;
  /** Those that do fit, for people. */
  readonly fitting: string;
}

const addresses = ['number', 'ipv4', 'ipv6', 'name'] as const;
const numbers = ['number', 'name'] as const;

const ports: Rule = {
  protocols: new Set(['tcp', 'udp', 'sctp']),
  links: false,
  directions: true,
  identifiers: new Set(numbers),
  lacks: 'ports',
  fitting: 'ports go with tcp, udp and sctp',
};

export const rules: Readonly<Record<TypeWord, Rule>> = {
  host: {
    protocols: new Set(['ip', 'arp', 'rarp', 'ip6', 'decnet']),
    links: true,
    directions: true,
    identifiers: new Set([...addresses, 'mac', 'mac8']),
    lacks: 'host addresses',
    fitting: 'hosts go with ip, ip6, arp, rarp, decnet and ether',
  },
  net: {
    protocols: new Set(['ip', 'arp', 'rarp', 'ip6']),
    links: false,
    directions: true,
    identifiers: new Set(addresses),
    lacks: 'network addresses',
    fitting: 'networks go with ip, ip6, arp and rarp',
  },
  port: ports,
  portrange: ports,
  proto: {
    protocols: new Set(['ip', 'ip6', 'iso', 'isis']),
    links: true,
    directions: false,
    identifiers: new Set(numbers),
    lacks: "field that 'proto' could look at",
    fitting: "'proto' goes with ip, ip6, iso, isis and ether",
  },
  protochain: {
    protocols: new Set(['ip', 'ip6']),
    links: false,
    directions: false,
    identifiers: new Set(numbers),
    lacks: "chain of headers that 'protochain' could follow",
    fitting: "'protochain' goes with ip and ip6",
  },
  gateway: {
    protocols: new Set(['ip', 'arp', 'rarp']),
    links: false,
    directions: false,
    identifiers: new Set(['name']),
    lacks: 'gateways',
    fitting: "'gateway' goes with ip, arp and rarp",
  },
};

const links: ReadonlySet<string> = new Set(words.links);

/** Is this word one of those for the frame itself: `ether`, `link`, `wlan`, …? */
export const isLink = (protocol: string | undefined): boolean =>
  protocol !== undefined && links.has(protocol);

/** Can this protocol, or none, stand before this type? */
export function fits(type: TypeWord, protocol: string | undefined): boolean {
  if (protocol === undefined) return true;
  const rule = rules[type];
  return rule.protocols.has(protocol) || (rule.links && links.has(protocol));
}
