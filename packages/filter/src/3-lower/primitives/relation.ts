import type { RelationOp } from '../../ast/types.ts';
import type { BlockId, TestOp } from '../../ir/types.ts';
import type { LoadBase, PredicateTest, Term } from '../../predicate/types.ts';
import { etherTypes, type LinkProtocol, transportProtocols } from '../../tables/protocols.ts';
import { arith, type Builder, constant, load, type Targets, type Tree } from '../builder.ts';
import type { Headers } from '../headers.ts';
import {
  ipProtocolIs,
  ipv4HeaderLength,
  ipv6,
  ipv6NextHeaderIs,
  isFirstFragment,
} from './ip-header.ts';

type Relation = Extract<PredicateTest, { kind: 'relation' }>;

/** What a packet must be before a load means anything. */
type Requirement = (build: Builder, headers: Headers, to: Targets) => BlockId;

const tests: Readonly<Record<RelationOp, { readonly op: TestOp; readonly negated: boolean }>> = {
  '=': { op: '==', negated: false },
  '!=': { op: '==', negated: true },
  '>': { op: '>', negated: false },
  '>=': { op: '>=', negated: false },
  '<': { op: '>=', negated: true },
  '<=': { op: '>', negated: true },
};

/** A comparison: false for packets that its loads do not belong to. */
export function relation(build: Builder, headers: Headers, test: Relation, to: Targets): BlockId {
  const { op, negated } = tests[test.op];
  const targets = negated ? { yes: to.no, no: to.yes } : to;
  const compare = build.test(op, tree(test.left, headers), tree(test.right, headers), targets);
  return [...requirements(test.left), ...requirements(test.right)].reduceRight<BlockId>(
    (next, require) => require(build, headers, { yes: next, no: to.no }),
    compare,
  );
}

/**
 * The tests that libpcap puts before a load, in its order (gencode.c, gen_load()). Of a sum or
 * another operation it keeps those of the left side only (gen_arth()): `ip[0] + tcp[0] = 5` looks
 * at whether the packet is IP, and not at whether it is TCP. Odd, and what users of libpcap get.
 */
function requirements(term: Term): Requirement[] {
  switch (term.kind) {
    case 'number':
    case 'length':
      return [];
    case 'negate':
      return requirements(term.operand);
    case 'binary':
      return requirements(term.left);
    case 'load':
      return loadRequirements(term.base, requirements(term.offset));
    default:
      return term satisfies never;
  }
}

function loadRequirements(base: LoadBase, ofOffset: Requirement[]): Requirement[] {
  if (base === 'link') return ofOffset;
  if (Object.hasOwn(etherTypes, base)) return [...ofOffset, isLinkProtocol(base as LinkProtocol)];
  const protocol = transportProtocols[base as keyof typeof transportProtocols];
  if (base === 'icmp6') {
    const isIcmp6: Requirement = (build, headers, to) =>
      ipv6NextHeaderIs(build, headers, protocol.number, to);
    return [...ofOffset, isLinkProtocol('ip6'), isIcmp6];
  }
  const isProtocol: Requirement = (build, headers, to) =>
    ipProtocolIs(build, headers, protocol, to);
  return [isLinkProtocol('ip'), ...ofOffset, isProtocol, isFirstFragment];
}

const isLinkProtocol =
  (protocol: LinkProtocol): Requirement =>
  (build, headers, to) =>
    headers.isProtocol(build, protocol, to);

function tree(term: Term, headers: Headers): Tree {
  switch (term.kind) {
    case 'number':
      return constant(term.value);
    case 'length':
      return { kind: 'length' };
    case 'negate':
      return arith('-', constant(0), tree(term.operand, headers));
    case 'binary':
      return arith(term.op, tree(term.left, headers), tree(term.right, headers));
    case 'load':
      return loadTree(term, headers);
    default:
      return term satisfies never;
  }
}

function loadTree({ base, offset, size }: Extract<Term, { kind: 'load' }>, headers: Headers): Tree {
  const index = tree(offset, headers);
  if (base === 'link') return load(size, 0, index);
  if (Object.hasOwn(etherTypes, base)) return load(size, headers.network, index);
  if (base === 'icmp6') return load(size, headers.network + ipv6.size, index);
  return load(size, headers.network, arith('+', index, ipv4HeaderLength(headers)));
}
