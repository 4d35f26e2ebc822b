import * as messages from '../messages/analyze.ts';
import { nearest } from '../nearest.ts';
import type { PredicateTest } from '../predicate/types.ts';
import { type PortProtocol, portProtocols } from '../tables/protocols.ts';
import { services } from '../tables/services.ts';
import { type Context, endOf, type Qualified, textOfQualifiers } from './context.ts';
import { lookUpPort, rangeEnds } from './names.ts';

interface Port {
  readonly number: number;
  /** The one protocol that a name stands for; none for a number, or a name of both. */
  readonly only?: 'tcp' | 'udp';
}

const all = Object.values(portProtocols);

/** `port` and `portrange`: an identifier to a test; `undefined` beside a diagnostic. */
export function portTest(
  qualified: Qualified<'number' | 'name'>,
  context: Context,
): PredicateTest | undefined {
  const { id, qualifiers, span } = qualified;
  const range = qualifiers.type === 'portrange' && id.kind === 'name';
  const ends = range ? rangeEnds(id.text) : [id.text];
  if (ends === undefined || (range && ends.length !== 2)) {
    context.diagnostics.push(messages.badRange(id.span, id.text));
    return undefined;
  }
  const [from, to = from] = ends.map((end) => lookUp(end, qualified, context));
  if (from === undefined || to === undefined) return undefined;
  // libpcap's rule: if the two ends name different protocols, the range is of all of them.
  const only = from.only === to.only ? from.only : undefined;
  const word = qualifiers.protocol as PortProtocol | undefined;
  if (only !== undefined && word !== undefined && word !== only) {
    const what = `'${word} ${qualifiers.type} ${id.text}'`;
    context.diagnostics.push(
      messages.qualifierMismatch(id.span, what, `'${id.text}' is of ${only} only`),
    );
    return undefined;
  }
  const protocol = word ?? only;
  return {
    kind: 'port',
    protocols: protocol === undefined ? all : [portProtocols[protocol]],
    direction: endOf(qualifiers),
    low: Math.min(from.number, to.number),
    high: Math.max(from.number, to.number),
    span,
  };
}

/** For a name that nobody knows, a port stands in beside the diagnostic. */
function lookUp(
  text: string,
  { id, qualifiers }: Qualified<'number' | 'name'>,
  { names, diagnostics }: Context,
): Port | undefined {
  const number = id.kind === 'number' ? id.value : readNumber(text);
  if (number !== undefined) {
    if (number <= 0xffff) return { number };
    diagnostics.push(messages.outOfRange(id.span, 'a port', 0xffff));
    return undefined;
  }
  const found = lookUpPort(text, names);
  if (found === undefined) {
    const meant = nearest(text, [...services.keys()]);
    const isRange = qualifiers.type === 'port' && /^\w+-\w+$/.test(text);
    const range = textOfQualifiers({ ...qualifiers, type: 'portrange' });
    const hint = isRange ? `write '${range} ${text}'` : undefined;
    diagnostics.push(
      messages.unknownName(id.span, 'port', text, isRange ? undefined : meant, [], hint),
    );
  }
  const { tcp, udp } = found ?? {};
  if (tcp === undefined) return udp === undefined ? { number: 0 } : { number: udp, only: 'udp' };
  // A name with two different numbers is taken for TCP's, as in libpcap.
  return tcp === udp ? { number: tcp } : { number: tcp, only: 'tcp' };
}

/** One end of a range, as C writes numbers. */
function readNumber(text: string): number | undefined {
  if (/^0[xX][0-9a-fA-F]+$/.test(text)) return Number(text);
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  return /^(0|[1-9][0-9]*)$/.test(text) ? Number(text) : undefined;
}
