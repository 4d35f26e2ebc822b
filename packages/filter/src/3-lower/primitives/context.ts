import type { Diagnostic } from '../../diagnostic.ts';
import * as messages from '../../messages/lower.ts';
import type { PredicateTest } from '../../predicate/types.ts';
import type { Span } from '../../source.ts';
import type { Headers } from '../headers.ts';
import {
  isProtocol,
  knownProtocol,
  type Unsupported,
  unsupportedProtocol,
} from '../links/index.ts';
import type { Condition } from './condition.ts';

/** What a test is lowered with: where headers stand, and whom to tell what can't be. */
export interface Context {
  readonly headers: Headers;
  /** Notes why the link type can't have the test; gives what the test is then. */
  readonly refuse: Refuse;
  /** {@link announces}, by protocol: 10,000 hosts ask for the same three. */
  readonly announced: Map<number, Condition>;
  /**
   * The first of the scratch words that all `protochain`s share, as none needs them any more when
   * the next one begins. Others must leave them alone.
   */
  readonly chainWord: number;
}

/**
 * A message, but for its place: the context knows which test is being lowered.
 *
 * @param operand the place of the test's number, where that is known
 */
export type Refusal = (span: Span, operand: Span) => Diagnostic;
type Refuse = (refusal: Refusal) => false;

/** One kind of test. */
export type TestOf<Kind extends PredicateTest['kind']> = Extract<PredicateTest, { kind: Kind }>;

/** What becomes of a test that changes where the tests behind it look. */
export interface Encapsulation {
  readonly condition: Condition;
  readonly inside: Headers;
}

/** The link layer that tests are about, for messages. */
export const whereOf = ({ link, linkType }: Headers): string =>
  link.name === linkType ? `link type ${linkType}` : `${link.name} inside of link type ${linkType}`;

/**
 * Does the link layer announce this protocol?
 *
 * @param protocol an EtherType if above 1500, else an LLC SAP
 */
export function announces(context: Context, protocol: number): Condition {
  const known = context.announced.get(protocol);
  if (known !== undefined) return known;
  const { headers } = context;
  const unsupported = unsupportedProtocol(headers, protocol);
  if (unsupported !== undefined) {
    return context.refuse((span, operand) => explain(unsupported, whereOf(headers), span, operand));
  }
  const condition: Condition =
    knownProtocol(headers, protocol) ?? ((build, to) => isProtocol(build, headers, protocol, to));
  context.announced.set(protocol, condition);
  return condition;
}

function explain(unsupported: Unsupported, where: string, span: Span, operand: Span): Diagnostic {
  switch (unsupported.kind) {
    case 'no-protocols':
      return messages.noProtocols(span, where);
    case 'in-mpls':
      return messages.protocolInMpls(span);
    case 'number-too-large':
      return messages.protocolTooLarge(
        operand,
        unsupported.field,
        unsupported.value,
        unsupported.maximum,
      );
    default:
      return unsupported satisfies never;
  }
}
