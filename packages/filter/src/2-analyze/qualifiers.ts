import type { Expression, Identifier, Qualifiers } from '../ast/types.ts';
import * as messages from '../messages/analyze.ts';
import {
  type Context,
  isWlanDirection,
  type Qualified,
  textOf,
  textOfQualifiers,
} from './context.ts';
import { fits, isLink, rules } from './rules.ts';

/**
 * Do these words go together? That is asked once of a primitive, not for each of its identifiers;
 * what is wrong is in `diagnostics`.
 *
 * @param ids of the primitive, for messages
 */
export function checkQualifiers(
  qualifiers: Qualifiers,
  ids: Expression,
  { diagnostics }: Context,
): boolean {
  const { protocol, direction, type = 'host', span } = qualifiers;
  const rule = rules[type];
  const before = diagnostics.length;
  const mismatch = (why: string, hint: string) => {
    const what = `${textOfQualifiers(qualifiers)}${ids.kind === 'bare' ? ` ${textOf(ids.id)}` : ''}`;
    diagnostics.push(messages.qualifierMismatch(span, `'${what}'`, why, hint));
  };
  if (!fits(type, protocol)) {
    const isAddress = (type === 'host' || type === 'net') && !isLink(protocol);
    mismatch(
      `'${protocol}' has no ${rule.lacks}`,
      isAddress ? `write '${protocol} and ${type} …'` : rule.fitting,
    );
  }
  if (direction !== undefined && !rule.directions) {
    mismatch(`'${type}' takes no '${direction}'`, `leave '${direction}' out`);
  } else if (isWlanDirection(direction) && !(type === 'host' && isLink(protocol))) {
    mismatch(
      `'${direction}' is an address of an 802.11 frame`,
      `write 'wlan ${direction}' and a hardware address`,
    );
  }
  return diagnostics.length === before;
}

const kinds: Readonly<Record<Identifier['kind'], string>> = {
  number: 'a number',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  mac: 'a hardware address',
  mac8: 'a hardware address of one byte',
  name: 'a name',
};

/** Can this identifier be of this type, whatever protocol stands before it? */
export function checkIdentifier({ id, qualifiers }: Qualified, { diagnostics }: Context): boolean {
  const type = qualifiers.type ?? 'host';
  const { identifiers } = rules[type];
  if (identifiers.has(id.kind)) return true;
  const wanted = [...identifiers].map((kind) => kinds[kind]).join(' or ');
  diagnostics.push(
    messages.qualifierMismatch(
      id.span,
      `'${textOfQualifiers(qualifiers)} ${textOf(id)}'`,
      `'${type}' needs ${wanted}, and this is ${kinds[id.kind]}`,
      type === 'gateway'
        ? 'by its name, its hardware address and its IPv4 addresses are looked up'
        : `addresses go with 'host'${id.kind === 'ipv4' || id.kind === 'ipv6' ? " and 'net'" : ''}`,
    ),
  );
  return false;
}
