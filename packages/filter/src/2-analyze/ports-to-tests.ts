import type { Identifier, Qualifiers } from '../ast/types.ts';
import * as messages from '../messages.ts';
import type { PredicateTest } from '../predicate/types.ts';
import { type PortProtocol, portProtocols, transportProtocols } from '../tables/protocols.ts';
import type { Context } from './context.ts';
import { lookUpPort } from './names.ts';

interface Port {
  readonly number: number;
  /** The protocols that a name stands for; all of them for a number. */
  readonly protocols: readonly PortProtocol[];
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
  const wanted = word === undefined ? all : [word as PortProtocol];
  const ends = type === 'portrange' ? rangeEnds(id) : [textOf(id)];
  const ports = ends.map((end) => lookUp(end, id, wanted, context));
  const [from, to = from] = ports;
  if (from === undefined || to === undefined) return undefined;
  const protocols = all.filter(
    (each) => from.protocols.includes(each) && to.protocols.includes(each),
  );
  if (protocols.length === 0) {
    context.diagnostics.push(
      messages.qualifierMismatch(
        id.span,
        `'${textOf(id)}'`,
        'its two ends are of different protocols',
      ),
    );
    return undefined;
  }
  return {
    kind: 'port',
    protocols: protocols.map((each) => portProtocols[each]),
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

function lookUp(
  text: string,
  id: Identifier,
  wanted: readonly PortProtocol[],
  context: Context,
): Port | undefined {
  const { diagnostics } = context;
  if (/^[0-9]/.test(text)) {
    const number = readPort(text);
    if (number !== undefined) return { number, protocols: wanted };
    diagnostics.push(messages.outOfRange(id.span, 'a port', 0, 65535));
    return undefined;
  }
  const found = id.kind === 'name' ? lookUpPort(text, context.names) : undefined;
  if (found === undefined) {
    diagnostics.push(messages.unknownName(id.span, 'port', text));
    return undefined;
  }
  const { tcp, udp } = found;
  // A name without a transport: every transport if the two agree, else TCP first, as libpcap.
  if (wanted.length > 1) {
    if (tcp !== undefined && tcp === udp) return { number: tcp, protocols: all };
    return tcp !== undefined
      ? { number: tcp, protocols: ['tcp'] }
      : { number: udp!, protocols: ['udp'] };
  }
  const number = wanted[0] === 'udp' ? udp : wanted[0] === 'tcp' ? tcp : (tcp ?? udp);
  if (number === undefined) {
    diagnostics.push(
      messages.qualifierMismatch(
        id.span,
        `'${wanted[0]} port ${text}'`,
        `'${text}' is a port of ${tcp === undefined ? 'udp' : 'tcp'} only`,
      ),
    );
    return undefined;
  }
  return { number, protocols: wanted };
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
