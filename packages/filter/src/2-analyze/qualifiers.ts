import type { Expression, Identifier, Qualifiers } from '../ast/types.ts';
import * as messages from '../messages/analyze.ts';
import { parseIpv4 } from '../tables/addresses.ts';
import {
  type Context,
  isWlanDirection,
  type Qualified,
  textOf,
  textOfQualifiers,
} from './context.ts';
import { insteadOf, looksLikePort } from './instead.ts';
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
      isAddress && isSound(ids) ? `write '${withAddress(qualifiers, ids)}'` : rule.fitting,
    );
  }
  if (direction !== undefined && !rule.directions) {
    mismatch(`'${type}' takes no '${direction}'`, `leave '${direction}' out`);
  } else if (isWlanDirection(direction) && !(type === 'host' && isLink(protocol))) {
    mismatch(
      `'${direction}' is an address of an 802.11 frame`,
      ids.kind === 'bare' && ids.id.kind === 'mac'
        ? `write 'wlan ${direction} ${ids.id.text}'`
        : `write 'wlan ${direction}' and a hardware address`,
    );
  }
  return diagnostics.length === before;
}

/** What is no address would be none elsewhere. */
const isSound = (ids: Expression): boolean =>
  ids.kind !== 'bare' || ids.id.kind !== 'ipv4' || typeof parseIpv4(ids.id.text) !== 'string';

/** `tcp src 10.0.0.1` as two tests, or as one of a port. */
function withAddress(qualifiers: Qualifiers, ids: Expression): string {
  const { protocol, direction, type = 'host' } = qualifiers;
  if (ids.kind !== 'bare') {
    return `${protocol} and ${[direction, type].filter((word) => word !== undefined).join(' ')} …`;
  }
  const { id } = ids;
  return fits('port', protocol) && looksLikePort(qualifiers, id)
    ? `${[protocol, direction].filter((word) => word !== undefined).join(' ')} port ${textOf(id)}`
    : `${protocol} and ${insteadOf({}, qualifiers, id)}`;
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
