import type { Expression, Identifier, Qualifiers } from '../ast/types.ts';
import * as messages from '../messages/analyze.ts';
import { unknownWord } from '../messages/diagnostics.ts';
import type { Predicate } from '../predicate/types.ts';
import type { Span } from '../source.ts';
import type { Context, Qualified } from './context.ts';
import { hostOrNetTest } from './hosts.ts';
import { decnetTest, gatewayTest, linkAddressTest } from './link-addresses.ts';
import { portTest } from './ports.ts';
import { protoTest } from './protocols.ts';
import { checkIdentifier, checkQualifiers } from './qualifiers.ts';
import { isLink } from './rules.ts';

/** The qualifiers that an identifier takes on, and whether they go together. */
export interface InForce {
  readonly qualifiers: Qualifiers;
  readonly sound: boolean;
}

/** @param ids of the primitive, for messages */
export const putInForce = (qualifiers: Qualifiers, ids: Expression, context: Context): InForce => ({
  qualifiers,
  sound: checkQualifiers(qualifiers, ids, context),
});

/**
 * An identifier with its qualifiers to a test; `undefined` beside a diagnostic.
 *
 * @param span the place of the test
 */
export function identifierTest(
  id: Identifier,
  inForce: InForce | undefined,
  span: Span,
  context: Context,
): Predicate | undefined {
  if (inForce === undefined) {
    context.diagnostics.push(
      id.kind === 'name'
        ? unknownWord(id.span, id.text, undefined)
        : messages.bareIdentifier(id.span, id.text),
    );
    return undefined;
  }
  const { qualifiers, sound } = inForce;
  const qualified = { id, qualifiers, span };
  if (!checkIdentifier(qualified, context)) return undefined;
  switch (qualifiers.type) {
    case undefined:
    case 'host':
      if (sound && qualifiers.protocol === 'decnet') return decnetTest(qualified, context);
      if (sound && isLink(qualifiers.protocol)) return linkAddressTest(qualified, context);
      return hostOrNetTest(qualified, sound, context);
    case 'net':
      return hostOrNetTest(qualified, sound, context);
    case 'port':
    case 'portrange':
      return sound ? portTest(qualified as Qualified<'number' | 'name'>, context) : undefined;
    case 'proto':
    case 'protochain':
      return protoTest(qualified as Qualified<'number' | 'name'>, sound, context);
    case 'gateway':
      return sound ? gatewayTest(qualified as Qualified<'name'>, context) : undefined;
    default:
      return qualifiers.type satisfies never;
  }
}

/** Nothing but identifiers that take on the qualifiers before them: `(80 or not 443)`. */
export function isIdentifiers(ast: Expression): boolean {
  switch (ast.kind) {
    case 'bare':
      return true;
    case 'not':
      return isIdentifiers(ast.operand);
    case 'group':
      return isIdentifiers(ast.inner);
    case 'chain':
      return isIdentifiers(ast.first) && ast.rest.every(({ operand }) => isIdentifiers(operand));
    default:
      return false;
  }
}
