import type { BlockId } from '../../ir/types.ts';
import type { LinkTypeName } from '../../tables/link-types.ts';
import type { Builder, Targets } from '../builder.ts';
import { type Headers, networkHeader, type ProtocolLimits } from '../headers.ts';
import { allOf, fieldIs } from './fields.ts';
import { holdsGuard } from './inside.ts';
import { etherType, maxLength } from './numbers.ts';

/** Why a link layer can't be asked for a protocol. */
export type Unsupported =
  /** It has no field that says what follows, or not one that libpcap looks at. */
  | { readonly kind: 'no-protocols'; readonly linkType: LinkTypeName }
  /** In MPLS nothing says what follows: only IP can be told, by its version. */
  | { readonly kind: 'in-mpls'; readonly protocol: number }
  | {
      readonly kind: 'number-too-large';
      readonly field: 'LLC SAP' | 'EtherType' | 'PPP protocol' | 'HDLC protocol';
      readonly value: number;
      readonly maximum: number;
    };

/**
 * Can this protocol be asked for here?
 *
 * @param protocol an EtherType if above 1500, else an LLC SAP
 */
export function unsupportedProtocol(headers: Headers, protocol: number): Unsupported | undefined {
  if (headers.mplsDepth > 0) {
    const known = protocol === etherType.ip || protocol === etherType.ip6;
    return known ? undefined : { kind: 'in-mpls', protocol };
  }
  const { protocols, name } = headers.link;
  if (protocols === undefined) return { kind: 'no-protocols', linkType: name };
  const limit = limitOf(protocols.limits, protocol);
  if (limit === undefined || protocol <= limit.maximum) return undefined;
  return { kind: 'number-too-large', value: protocol, ...limit };
}

type Limit = Pick<Extract<Unsupported, { kind: 'number-too-large' }>, 'field' | 'maximum'>;

function limitOf(limits: ProtocolLimits, protocol: number): Limit | undefined {
  switch (limits) {
    case 'any':
      return undefined;
    case 'llc-or-ethertype':
      return protocol <= maxLength
        ? { field: 'LLC SAP', maximum: 0xff }
        : { field: 'EtherType', maximum: 0xffff };
    case 'ethertype':
      return { field: 'EtherType', maximum: 0xffff };
    case 'ppp':
      return { field: 'PPP protocol', maximum: 0xffff };
    case 'hdlc':
      return { field: 'HDLC protocol', maximum: 0xffff };
    default:
      return limits satisfies never;
  }
}

/**
 * Whether this protocol is announced, if that is so for all packets or for none: IPV4 carries IPv4,
 * and nothing else. Such a test needs no block, and what is combined with it no loads.
 */
export function knownProtocol(headers: Headers, protocol: number): boolean | undefined {
  if (unsupportedProtocol(headers, protocol) !== undefined) return false;
  return headers.mplsDepth > 0 ? undefined : headers.link.protocols?.known?.(protocol);
}

/**
 * Does the link layer announce this protocol? Never, where it can't be asked for
 * ({@link unsupportedProtocol}). (gencode.c: gen_linktype())
 *
 * @param protocol an EtherType if above 1500, else an LLC SAP
 */
export function isProtocol(
  build: Builder,
  headers: Headers,
  protocol: number,
  to: Targets,
): BlockId {
  if (unsupportedProtocol(headers, protocol) !== undefined) return to.no;
  if (headers.mplsDepth > 0) return isInMpls(build, headers, protocol, to);
  const announced = headers.link.protocols!.is(build, headers, protocol, to);
  // A tunnel announces its protocol also where there is no Ethernet header inside.
  if (headers.guard !== 'lane') return announced;
  return holdsGuard(build, headers, { yes: announced, no: to.no });
}

/** The label before is the last (RFC 3032), and a version of IP follows. */
function isInMpls(build: Builder, headers: Headers, protocol: number, to: Targets): BlockId {
  const network = networkHeader(headers);
  const version = protocol === etherType.ip ? 0x40 : 0x60;
  return allOf(to, [
    (t) => fieldIs(build, network, { offset: -2, size: 1, mask: 1, value: 1 }, t),
    (t) => fieldIs(build, network, { offset: 0, size: 1, mask: 0xf0, value: version }, t),
  ]);
}
