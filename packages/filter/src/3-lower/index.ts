import type { BlockId, Program } from '../ir/types.ts';
import { numberBlocks } from '../ir/visit.ts';
import type { Predicate } from '../predicate/types.ts';
import type { LinkTypeName } from '../tables/link-types.ts';
import { Builder, type Targets } from './builder.ts';
import type { Headers } from './headers.ts';
import { links } from './links/index.ts';
import { ipv4Address, ipv6Address } from './primitives/address.ts';
import { ipProtocolIs } from './primitives/ip-header.ts';
import { port } from './primitives/port.ts';
import { relation } from './primitives/relation.ts';

/**
 * Phase 3: predicate to IR, for one link type. Tests stand in the order in which they were written
 * and, within a primitive, in libpcap's: a load beyond a truncated packet's end rejects it at once,
 * so that the order of tests is part of a filter's meaning.
 */
export function lower(predicate: Predicate, linkType: LinkTypeName, snapLen: number): Program {
  const build = new Builder();
  const to: Targets = { yes: build.return(snapLen), no: build.return(0) };
  const entry = lowerPredicate(build, links[linkType], predicate, to);
  return { linkType, snapLen, blocks: numberBlocks(build.blocks, entry) };
}

function lowerPredicate(
  build: Builder,
  headers: Headers,
  predicate: Predicate,
  to: Targets,
): BlockId {
  switch (predicate.kind) {
    case 'always':
      return to.yes;
    case 'chain':
      return lowerChain(build, headers, predicate, to);
    case 'not':
      return lowerPredicate(build, headers, predicate.operand, { yes: to.no, no: to.yes });
    case 'link-protocol':
      return headers.isProtocol(build, predicate.protocol, to);
    case 'ip-protocol':
      return ipProtocolIs(build, headers, predicate, to);
    case 'ipv4-address':
      return ipv4Address(build, headers, predicate, to);
    case 'ipv6-address':
      return ipv6Address(build, headers, predicate, to);
    case 'port':
      return port(build, headers, predicate, to);
    case 'relation':
      return relation(build, headers, predicate, to);
    default:
      return predicate satisfies never;
  }
}

/**
 * `a op b op c …` from the left, made from the right without recursion, since a generated filter
 * has thousands of operands. What holds after operand i decides where i leads: under `and` a true
 * one goes on to the next and a false one skips it, under `or` the other way round.
 */
function lowerChain(
  build: Builder,
  headers: Headers,
  { first, rest }: Extract<Predicate, { kind: 'chain' }>,
  to: Targets,
): BlockId {
  let targets = to;
  for (let i = rest.length - 1; i >= 0; i--) {
    const { op, operand } = rest[i]!;
    const entry = lowerPredicate(build, headers, operand, targets);
    targets = op === 'and' ? { yes: entry, no: targets.no } : { yes: targets.yes, no: entry };
  }
  return lowerPredicate(build, headers, first, targets);
}
