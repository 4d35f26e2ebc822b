import type { Expression } from '../ast/types.ts';
import * as messages from '../messages/analyze.ts';
import { nearest } from '../nearest.ts';
import type { AtmWord, MtpWord, PredicateTest } from '../predicate/types.ts';
import { llcControls } from '../tables/llc.ts';
import { largest } from '../tables/ranges.ts';
import type { Context } from './context.ts';
import { own } from './own.ts';
import { isLink } from './rules.ts';

type Node<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

/** The netmask that pcap_compile(3) takes for one that nobody knows. */
const unknownNetmask = 0xffffffff;

/** `broadcast` and `multicast`, of the link layer, of IPv4, of IPv6. */
export function castTest(
  { word, protocol, span }: Node<'cast'>,
  { netmask, diagnostics }: Context,
): PredicateTest | undefined {
  if (protocol === undefined || isLink(protocol)) return { kind: word, of: 'link', span };
  if (word === 'multicast' && (protocol === 'ip' || protocol === 'ip6')) {
    return { kind: word, of: protocol, span };
  }
  if (word === 'broadcast' && protocol === 'ip') {
    if (netmask !== undefined && netmask !== unknownNetmask) {
      return { kind: word, of: 'ip', netmask, span };
    }
    diagnostics.push(messages.netmaskNeeded(span));
    return undefined;
  }
  const [what, why] = [`'${protocol} ${word}'`, `'${protocol}' has no ${word} addresses`];
  const hint = `'${word}' goes with ether${word === 'broadcast' ? '' : ', ip6'} and ip`;
  diagnostics.push(messages.qualifierMismatch(span, what, why, hint));
  return undefined;
}

const named = {
  vlan: 'a VLAN id',
  mpls: 'an MPLS label',
  pppoes: 'a PPPoE session',
  geneve: 'a Geneve VNI',
  vxlan: 'a VXLAN VNI',
} as const;

/**
 * `vlan`, `mpls 100`, …. Where the number is out of range, the test without it stands in beside the
 * diagnostic, so that the tests behind are told as what they are.
 */
export function encapsulationTest(
  { word, value, span }: Node<'encapsulation'>,
  { diagnostics }: Context,
): PredicateTest {
  if (word === 'pppoed') return { kind: 'pppoe-discovery', span };
  const max = largest[word];
  const sound = value === undefined || value.value <= max;
  if (!sound) diagnostics.push(messages.outOfRange(value.span, named[word], max));
  const number = sound ? value?.value : undefined;
  switch (word) {
    case 'vlan':
      return { kind: 'vlan', ...(number !== undefined && { id: number }), span };
    case 'mpls':
      return { kind: 'mpls', ...(number !== undefined && { label: number }), span };
    case 'pppoes':
      return { kind: 'pppoe-session', ...(number !== undefined && { session: number }), span };
    case 'geneve':
    case 'vxlan':
      return { kind: word, ...(number !== undefined && { vni: number }), span };
    default:
      return word satisfies never;
  }
}

const mtpWords: ReadonlySet<string> = new Set(['fisu', 'lssu', 'msu', 'hfisu', 'hlssu', 'hmsu']);

/** A word that is a test by itself and no protocol: `inbound`, `fisu`, `metac`, `lane`, … */
export function wordTest({ word, span }: Node<'word'>): PredicateTest {
  if (word === 'inbound' || word === 'outbound') {
    return { kind: 'packet-direction', direction: word, span };
  }
  if (word === 'lane') return { kind: 'lane', span };
  if (mtpWords.has(word)) return { kind: 'mtp-word', word: word as MtpWord, span };
  return { kind: 'atm-word', word: word as AtmWord, span };
}

/** `byte INDEX op VALUE`: a comparison of one byte; `&` and `|` ask whether the result is not 0. */
export function byteTest(
  { offset, op, value, span }: Node<'byte-test'>,
  { diagnostics }: Context,
): Extract<PredicateTest, { kind: 'relation' }> | undefined {
  if (value.value > 0xff) {
    diagnostics.push(messages.outOfRange(value.span, 'a byte', 0xff));
    return undefined;
  }
  const load = {
    kind: 'load',
    base: 'link',
    offset: { kind: 'number', value: offset.value },
    size: 1,
    span,
  } as const;
  const right = { kind: 'number', value: value.value } as const;
  if (op === '&' || op === '|') {
    const left = { kind: 'binary', op, left: load, right } as const;
    return { kind: 'relation', op: '!=', left, right: { kind: 'number', value: 0 }, span };
  }
  return { kind: 'relation', op, left: load, right, span };
}

/** `llc`, `llc s`, `llc rnr`; in either case. */
export function llcTest(
  { type, span }: Node<'llc'>,
  { diagnostics }: Context,
): PredicateTest | undefined {
  if (type === undefined) return { kind: 'llc', span };
  const control = own(llcControls, type.text.toLowerCase());
  if (control !== undefined) return { kind: 'llc', control, span };
  const known = Object.keys(llcControls);
  diagnostics.push(
    messages.unknownName(type.span, 'LLC type', type.text, nearest(type.text, known), known),
  );
  return undefined;
}

/** `vpi 5`, `opc > 5`, `sio (5 or 6)`. */
export function fieldTest(
  { field, alternatives, span }: Node<'field'>,
  { diagnostics }: Context,
): PredicateTest | undefined {
  const max = largest[field];
  const wrong = alternatives.filter(({ value }) => value.value > max);
  for (const { value } of wrong) {
    diagnostics.push(messages.outOfRange(value.span, `'${field}'`, max));
  }
  if (wrong.length > 0) return undefined;
  const comparisons = alternatives.map(({ op, value }) => ({ op, value: value.value }));
  return { kind: 'field', field, alternatives: comparisons, span };
}
