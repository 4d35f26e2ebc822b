import type { Direction } from '../../ast/types.ts';
import * as messages from '../../messages/lower.ts';
import type { End } from '../../predicate/types.ts';
import type { Headers } from '../headers.ts';
import { holdsGuard } from '../links/index.ts';
import { directed } from './address.ts';
import { bytesAt } from './bytes.ts';
import { allOf, type Condition } from './condition.ts';
import { type Context, type TestOf, whereOf } from './context.ts';
import { wlanAddress } from './wlan-address.ts';

/** Addresses of six bytes, or of one. */
export function linkAddress(context: Context, test: TestOf<'link-address'>): Condition {
  return test.address.length === 1
    ? shortAddress(context, test.direction, test.address)
    : longAddress(context, test.direction, test.address, messages.noLongAddresses);
}

/**
 * A hardware address of six bytes. (gencode.c: gen_mac48host())
 *
 * @param absent what to say where the link layer has none
 */
export function longAddress(
  { headers, refuse }: Context,
  direction: Direction,
  address: readonly number[],
  absent: typeof messages.noLongAddresses,
): Condition {
  const { link, header } = headers;
  const { addresses } = link;
  if (addresses?.kind === 'wlan') return wlanAddress(headers, direction, address);
  if (addresses?.kind !== 'mac48') return refuse((span) => absent(span, whereOf(headers)));
  if (!isEnd(direction))
    return refuse((span) => messages.onlyOnWlan(span, direction, whereOf(headers)));
  return allOf(
    isFrame(headers),
    directed(direction, addresses, (offset) => bytesAt(header, offset, address)),
  );
}

/** (gencode.c: gen_mac8host()) */
function shortAddress(
  { headers, refuse }: Context,
  direction: Direction,
  address: readonly number[],
): Condition {
  const { link, header } = headers;
  const { addresses } = link;
  if (addresses?.kind !== 'mac8') {
    return refuse((span) => messages.noShortAddresses(span, whereOf(headers)));
  }
  if (!isEnd(direction))
    return refuse((span) => messages.onlyOnWlan(span, direction, whereOf(headers)));
  return directed(direction, addresses, (offset) => bytesAt(header, offset, address));
}

/** What must hold before hardware addresses inside another protocol are looked at. */
export const isFrame = (headers: Headers): Condition =>
  headers.guard === 'none' || ((build, to) => holdsGuard(build, headers, to));

const isEnd = (direction: Direction): direction is End =>
  direction === 'src' || direction.endsWith('dst');
