import * as messages from '../../messages/lower.ts';
import { type Condition, field } from './condition.ts';
import { type Context, type TestOf, whereOf } from './context.ts';

/** (gencode.c: gen_p80211_type()) */
export function wlanType(
  { headers, refuse }: Context,
  { mask, value, word }: TestOf<'wlan-type'>,
): Condition {
  const { link, header } = headers;
  if (link.wlan !== true) {
    return refuse((span) => messages.notOnLinkType(span, word, whereOf(headers)));
  }
  return field(header, { offset: 0, size: 1, mask, value });
}

/** (gencode.c: gen_p80211_fcdir()) */
export function wlanDirection(
  { headers, refuse }: Context,
  { direction }: TestOf<'wlan-direction'>,
): Condition {
  const { link, header } = headers;
  if (link.wlan !== true)
    return refuse((span) => messages.notOnLinkType(span, 'dir', whereOf(headers)));
  return field(header, { offset: 1, size: 1, mask: 3, value: direction });
}
