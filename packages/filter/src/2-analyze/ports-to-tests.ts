import type { Identifier, Qualifiers } from '../ast/types.ts';
import * as messages from '../messages/analyze.ts';
import type { PredicateTest } from '../predicate/types.ts';
import { type PortProtocol, portProtocols, transportProtocols } from '../tables/protocols.ts';
import type { Context } from './context.ts';
import { lookUpPort } from './names.ts';

interface Port {
  readonly number: number;
  /** The one protocol that a name stands for; none for a number, or a name of both. */
  readonly only?: 'tcp' | 'udp';
}

const all = Object.keys(portProtocols) as PortProtocol[];

/** `port` and `portrange`: an identifier to a test; `undefined` beside a diagnostic. */
export function portTest(
  id: Identifier,
  qualifiers: Qualifiers,
  context: Context,
): PredicateTest | undefined {
  const type = qualifiers.type as 'port' | 'portrange';
  const word = qualifiers.protocol;
  if (word !== undefined && !Object.hasOwn(portProtocols, word)) {
    context.diagnostics.push(
      messages.qualifierMismatch(
        qualifiers.span,
        `'${word} ${type}'`,
        `'${word}' has no ports`,
        `ports belong to ${all.join(', ')}`,
      ),
    );
    return undefined;
  }
  const ends = type === 'portrange' ? rangeEnds(id) : [textOf(id)];
  const [from, to = from] = ends.map((end) => lookUp(end, id, context));
  if (from === undefined || to === undefined) return undefined;
  // libpcap's rule: if the two ends name different protocols, the range is of all of them.
  const only = from.only === to.only ? from.only : undefined;
  if (only !== undefined && word !== undefined && word !== only) {
    context.diagnostics.push(
      messages.qualifierMismatch(
        id.span,
        `'${word} ${type} ${textOf(id)}'`,
        `'${textOf(id)}' is of ${only} only`,
      ),
    );
    return undefined;
  }
  const protocol = (word as PortProtocol | undefined) ?? only;
  return {
    kind: 'port',
    protocols: (protocol === undefined ? all : [protocol]).map((each) => portProtocols[each]),
    direction: qualifiers.direction ?? 'src or dst',
    low: Math.min(from.number, to.number),
    high: Math.max(from.number, to.number),
  };
}

const textOf = (id: Identifier): string =>
  id.kind === 'number' && !/^[0-9]/.test(id.text) ? String(id.value) : id.text;

/** `80-90` is one word to the scanner; it is split at its only dash. */
function rangeEnds(id: Identifier): string[] {
  const parts = textOf(id).split('-');
  return parts.length === 2 ? parts : [textOf(id)];
}

function lookUp(text: string, id: Identifier, { names, diagnostics }: Context): Port | undefined {
  if (/^[0-9]/.test(text)) {
    const number = readPort(text);
    if (number !== undefined) return { number };
    diagnostics.push(messages.outOfRange(id.span, 'a port', 0, 65535));
    return undefined;
  }
  const found = id.kind === 'name' ? lookUpPort(text, names) : undefined;
  if (found === undefined) {
    diagnostics.push(messages.unknownName(id.span, 'port', text));
    return undefined;
  }
  const { tcp, udp } = found;
  if (tcp === undefined) return { number: udp!, only: 'udp' };
  // A name with two different numbers is taken for TCP's, as in libpcap.
  return tcp === udp ? { number: tcp } : { number: tcp, only: 'tcp' };
}

function readPort(text: string): number | undefined {
  if (/^0[xX][0-9a-fA-F]+$/.test(text)) return inRange(Number(text));
  if (/^0[0-7]+$/.test(text)) return inRange(Number.parseInt(text, 8));
  return /^(0|[1-9][0-9]*)$/.test(text) ? inRange(Number(text)) : undefined;
}

const inRange = (port: number): number | undefined => (port <= 65535 ? port : undefined);

/** `proto`, `ip proto`, `ip6 proto`: an IP protocol by number or by name. */
export function protoTest(
  id: Identifier,
  qualifiers: Qualifiers,
  context: Context,
): PredicateTest | undefined {
  const { diagnostics } = context;
  const word = qualifiers.protocol;
  if (qualifiers.direction !== undefined) {
    diagnostics.push(
      messages.qualifierMismatch(
        qualifiers.span,
        "'proto'",
        `a protocol has no '${qualifiers.direction}'`,
      ),
    );
    return undefined;
  }
  if (word !== undefined && word !== 'ip' && word !== 'ip6') {
    diagnostics.push(messages.notSupported(qualifiers.span, `'${word} proto'`));
    return undefined;
  }
  const over = word === undefined ? (['ip', 'ip6'] as const) : [word as 'ip' | 'ip6'];
  if (id.kind === 'number') {
    if (id.value <= 255) return { kind: 'ip-protocol', number: id.value, over };
    diagnostics.push(messages.outOfRange(id.span, 'an IP protocol', 0, 255));
    return undefined;
  }
  const name = id.text === 'ipv6-icmp' ? 'icmp6' : id.text;
  if (id.kind === 'name' && Object.hasOwn(transportProtocols, name)) {
    const { number } = transportProtocols[name as keyof typeof transportProtocols];
    return { kind: 'ip-protocol', number, over };
  }
  diagnostics.push(messages.unknownName(id.span, 'protocol', id.text));
  return undefined;
}
