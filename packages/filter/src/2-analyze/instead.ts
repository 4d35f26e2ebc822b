import type { Identifier, Qualifiers } from '../ast/types.ts';
import { networkOf } from '../tables/addresses.ts';
import { services } from '../tables/services.ts';
import { textOf } from './context.ts';

/**
 * A test of an address as it would be right, for hints: the direction stays, the type is what the
 * identifier is.
 *
 * @param keep the protocol, where it goes with an address
 */
export function insteadOf(
  keep: { readonly protocol?: string | undefined },
  { direction, type = 'host' }: Qualifiers,
  id: Identifier,
): string {
  if (id.kind === 'mac' || id.kind === 'mac8') {
    if (direction === undefined || direction === 'src or dst') return `ether host ${id.text}`;
    return `${/^(?:src|dst)/.test(direction) ? 'ether' : 'wlan'} ${direction} ${id.text}`;
  }
  const prefix = id.kind === 'ipv4' || id.kind === 'ipv6' ? id.prefix : undefined;
  const network = prefix !== undefined && 'text' in id ? networkOf(id.text, prefix) : undefined;
  const isNet = network !== undefined || (id.kind === 'ipv4' && id.mask !== undefined);
  return [keep.protocol, direction, isNet ? 'net' : type, network ?? textOf(id)]
    .filter((word) => word !== undefined)
    .join(' ');
}

/** Is this a port rather than an address, where no type is written: `tcp dst 80`, `tcp src http`? */
export const looksLikePort = ({ type }: Qualifiers, id: Identifier): boolean =>
  type === undefined &&
  ((id.kind === 'number' && id.value <= 0xffff) || (id.kind === 'name' && services.has(id.text)));
