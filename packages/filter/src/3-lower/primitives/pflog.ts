import * as messages from '../../messages/lower.ts';
import type { FieldTest } from '../headers.ts';
import { bytesAt } from './bytes.ts';
import { interfaceName } from './capture.ts';
import { type Condition, field } from './condition.ts';
import { type Context, type TestOf, whereOf } from './context.ts';

/** OpenBSD's <net/if_pflog.h>, struct pfloghdr; numbers are big-endian. */
const names = { ifname: 4, rset: 20 } as const;
const numbers = {
  action: { offset: 2, size: 1 },
  reason: { offset: 3, size: 1 },
  rnr: { offset: 36, size: 4 },
  srnr: { offset: 40, size: 4 },
} as const satisfies Record<string, Pick<FieldTest, 'offset' | 'size'>>;

/**
 * As many bytes as the name has: names that go on match too (gencode.c: gen_pf_ifname(), …). In a live
 * capture on Linux the kernel knows the device's name; libpcap does not ask for it.
 */
export function pfName({ headers, refuse }: Context, test: TestOf<'pf-name'>): Condition {
  const { link, header, linux } = headers;
  if (link.pflog !== true) {
    if (test.field === 'ifname' && linux) return interfaceName(utf8(test.name));
    const word = test.word ?? test.field;
    const about = test.field === 'ifname' ? messages.interfaceNotLive : messages.onlyOnPflog;
    return refuse((span) => about(span, word, whereOf(headers)));
  }
  return bytesAt(header, names[test.field], utf8(test.name));
}

/** (gencode.c: gen_pf_rnr(), gen_pf_reason(), …) */
export function pfNumber({ headers, refuse }: Context, test: TestOf<'pf-number'>): Condition {
  const { link, header } = headers;
  if (link.pflog !== true)
    return refuse((span) => messages.onlyOnPflog(span, test.word ?? test.field, whereOf(headers)));
  return field(header, { ...numbers[test.field], value: test.value });
}

/** A text as UTF-8; a half of a surrogate pair is taken for a character. */
function utf8(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0)!).flatMap((code) => {
    const tail = (shift: number): number => 0x80 | ((code >>> shift) & 0x3f);
    if (code < 0x80) return [code];
    if (code < 0x800) return [0xc0 | (code >>> 6), tail(0)];
    if (code < 0x10000) return [0xe0 | (code >>> 12), tail(6), tail(0)];
    return [0xf0 | (code >>> 18), tail(12), tail(6), tail(0)];
  });
}
