import type { Expression } from '../ast/types.ts';
import * as messages from '../messages/analyze.ts';
import { nearest } from '../nearest.ts';
import type { PredicateTest } from '../predicate/types.ts';
import { ipProtocolNumbers } from '../tables/ip-protocols.ts';
import {
  etherTypes,
  isisPdus,
  isoProtocols,
  linkProtocolNames,
  llcSaps,
  transportProtocols,
} from '../tables/protocols.ts';
import type { Context, Qualified } from './context.ts';
import { lookUpProtocol } from './names.ts';
import { own } from './own.ts';
import { isLink } from './rules.ts';

/** A protocol word alone: `icmp`, `isis`, `csnp`. */
export function protocolTest(
  { word, span }: Extract<Expression, { kind: 'protocol' }>,
  { diagnostics }: Context,
): PredicateTest | undefined {
  const linkProtocol = own<number>(etherTypes, word) ?? own<number>(llcSaps, word);
  if (linkProtocol !== undefined) return { kind: 'link-protocol', protocol: linkProtocol, span };
  const transport = own(transportProtocols, word);
  if (transport !== undefined) return { kind: 'ip-protocol', ...transport, span };
  const iso = own<number>(isoProtocols, word);
  if (iso !== undefined) return { kind: 'iso-protocol', number: iso, span };
  const pdus = own<readonly number[]>(isisPdus, word);
  if (pdus !== undefined) return { kind: 'isis-pdu', types: pdus, span };
  const hint = `as in '${word}[0] & 1 != 0'`;
  diagnostics.push(messages.qualifierMismatch(span, `'${word}'`, 'alone it is no test', hint));
  return undefined;
}

/**
 * `proto` and `protochain`: a protocol by number or by name, of the layer that the word before says.
 *
 * @param sound whether the qualifiers go together; a name is looked up in any case
 */
export function protoTest(
  { id, qualifiers, span }: Qualified<'number' | 'name'>,
  sound: boolean,
  context: Context,
): PredicateTest | undefined {
  const { protocol } = qualifiers;
  const layer = layers[layerOf(protocol)];
  const number = id.kind === 'number' ? id.value : layer.lookUp(id.text, context);
  if (number === undefined) {
    const { kind, known } = layer;
    const word = /^icmp-?v6$|^icmp6$/i.test(id.text) ? 'icmp6' : undefined;
    const hint = word && `write '${word}'`;
    const meant = word === undefined ? nearest(id.text, known()) : undefined;
    context.diagnostics.push(messages.unknownName(id.span, kind, id.text, meant, [], hint));
  } else if (number > layer.largest) {
    context.diagnostics.push(messages.outOfRange(id.span, layer.what, layer.largest));
    return undefined;
  }
  if (!sound) return undefined;
  return layer.test(number ?? 0, qualifiers, span, id.span);
}

/** What a protocol is announced in: where its number is looked up, and how large it may be. */
interface Layer {
  readonly what: string;
  readonly kind: string;
  readonly largest: number;
  readonly lookUp: (name: string, context: Context) => number | undefined;
  /** Names among which a misspelt one is looked for. */
  readonly known: () => readonly string[];
  readonly test: (
    number: number,
    qualifiers: Qualified['qualifiers'],
    span: Qualified['span'],
    operand: Qualified['span'],
  ) => PredicateTest;
}

const layers: Readonly<Record<'link' | 'ip' | 'iso' | 'isis' | 'none', Layer>> = {
  link: {
    what: 'a link-layer protocol',
    kind: 'link-layer protocol',
    // Whether a number can be one depends on the link type: that is for phase 3 to say.
    largest: 0xffffffff,
    lookUp: (name) => own(linkProtocolNames, name),
    known: () => Object.keys(linkProtocolNames),
    test: (protocol, _, span, operand) => ({ kind: 'link-protocol', protocol, operand, span }),
  },
  ip: {
    what: 'an IP protocol',
    kind: 'IP protocol',
    largest: 0xff,
    lookUp: (name, { names }) => lookUpProtocol(name, names),
    known: () => [...ipProtocolNumbers.keys()],
    test: (number, { type, protocol }, span) => ({
      kind: type === 'protochain' ? 'protochain' : 'ip-protocol',
      number,
      over: protocol === undefined ? ['ip', 'ip6'] : [protocol as 'ip' | 'ip6'],
      span,
    }),
  },
  iso: {
    what: 'an ISO protocol',
    kind: 'ISO protocol',
    largest: 0xff,
    lookUp: (name) => own(isoProtocols, name),
    known: () => Object.keys(isoProtocols),
    test: (number, _, span) => ({ kind: 'iso-protocol', number, span }),
  },
  isis: {
    what: 'an IS-IS PDU type',
    kind: 'IS-IS PDU type: write its number',
    largest: 31,
    lookUp: () => undefined,
    known: () => [],
    test: (number, _, span) => ({ kind: 'isis-pdu', types: [number], span }),
  },
  /** Behind a word that `proto` does not go with. */
  none: {
    what: 'a protocol',
    kind: 'protocol',
    largest: 0xffffffff,
    lookUp: (name, { names }) => lookUpProtocol(name, names),
    known: () => [],
    test: (protocol, _, span) => ({ kind: 'link-protocol', protocol, span }),
  },
};

function layerOf(protocol: string | undefined): keyof typeof layers {
  if (isLink(protocol)) return 'link';
  if (protocol === undefined || protocol === 'ip' || protocol === 'ip6') return 'ip';
  return protocol === 'iso' || protocol === 'isis' ? protocol : 'none';
}
