import * as messages from '../../messages/lower.ts';
import type { Term } from '../../predicate/types.ts';
import { etherTypes, type LinkProtocol, transportProtocols } from '../../tables/protocols.ts';
import { loadIndexed, networkHeader } from '../headers.ts';
import { ancillary, arith, constant, length, type Tree } from '../tree.ts';
import { ancillaryAt } from './ancillary.ts';
import { allOf, type Condition } from './condition.ts';
import { announces, type Context, whereOf } from './context.ts';
import {
  behindIpv4,
  behindIpv6,
  ipProtocolIs,
  ipv6NextHeaderIs,
  isFirstFragment,
} from './ip-header.ts';

/** A number to be computed from a packet, and what packets it means something for. */
export interface Lowered {
  readonly tree: Tree;
  readonly belongs: Condition;
}

type Load = Extract<Term, { kind: 'load' }>;

/**
 * Operands first, in the order in which they were written; without recursion, as a generated sum
 * has thousands of terms.
 */
export function lowerTerm(context: Context, root: Term): Lowered {
  const done: Lowered[] = [];
  for (const term of operandsFirst(root)) done.push(lowerOne(context, term, done));
  return done.pop()!;
}

/** A term's parts, and itself last. */
function operandsFirst(root: Term): Term[] {
  const reversed: Term[] = [];
  const open: Term[] = [root];
  for (let term = open.pop(); term !== undefined; term = open.pop()) {
    reversed.push(term);
    if (term.kind === 'binary') open.push(term.left, term.right);
    else if (term.kind === 'negate') open.push(term.operand);
    else if (term.kind === 'load') open.push(term.offset);
  }
  return reversed.reverse();
}

/**
 * @param done the operands, last one last: they are taken away
 */
function lowerOne(context: Context, term: Term, done: Lowered[]): Lowered {
  switch (term.kind) {
    case 'number':
      return { tree: constant(term.value), belongs: true };
    case 'length':
      return { tree: length, belongs: true };
    case 'negate': {
      const { tree, belongs } = done.pop()!;
      return { tree: arith('-', constant(0), tree), belongs };
    }
    case 'binary': {
      // libpcap forgets what the right side belongs to: `ip[0] + tcp[0] = 5` looks at whether the
      // packet is IP, and not at whether it is TCP (gencode.c: gen_arth()).
      const right = done.pop()!;
      const left = done.pop()!;
      return { tree: arith(term.op, left.tree, right.tree), belongs: left.belongs };
    }
    case 'load':
      return lowerLoad(context, term, done.pop()!);
    default:
      return term satisfies never;
  }
}

/** (gencode.c: gen_load()) */
function lowerLoad(context: Context, { base, size }: Load, offset: Lowered): Lowered {
  const { headers, refuse } = context;
  const { link, header, linux } = headers;
  const { tree: index, belongs } = offset;
  if (base === 'link') {
    const known = linux ? ancillaryAt(header, index) : undefined;
    return {
      tree: known === undefined ? loadIndexed(size, header, index) : ancillary(known),
      belongs,
    };
  }
  if (base === 'radio') {
    if (link.radio !== true) refuse((span) => messages.noRadio(span, whereOf(headers)));
    return { tree: loadIndexed(size, { offset: 0 }, index), belongs };
  }
  if (Object.hasOwn(etherTypes, base)) {
    return {
      tree: loadIndexed(size, networkHeader(headers), index),
      belongs: allOf(belongs, announces(context, etherTypes[base as LinkProtocol])),
    };
  }
  const protocol = transportProtocols[base as keyof typeof transportProtocols];
  if (base === 'icmp6') {
    return {
      tree: loadIndexed(size, behindIpv6(headers), index),
      belongs: allOf(
        belongs,
        announces(context, etherTypes.ip6),
        ipv6NextHeaderIs(headers, protocol.number),
      ),
    };
  }
  return {
    tree: loadIndexed(size, behindIpv4(headers), index),
    belongs: allOf(
      announces(context, etherTypes.ip),
      belongs,
      ipProtocolIs(context, protocol),
      isFirstFragment(headers),
    ),
  };
}
