import type { BlockId } from '../../ir/types.ts';
import type { Builder, Targets } from '../builder.ts';
import type { Headers } from '../headers.ts';
import { isAtmLlc } from './atm.ts';
import { isLengthField, isRawIpx } from './ethernet.ts';
import { allOf } from './fields.ts';
import { isDataFrame } from './wlan.ts';

/**
 * `llc`: does the payload begin with an 802.2 header? Never, where `headers.link.llc` is absent.
 * (gencode.c: gen_llc_internal())
 */
export function hasLlc(build: Builder, headers: Headers, to: Targets): BlockId {
  const { llc } = headers.link;
  switch (llc) {
    case undefined:
      return to.no;
    case 'always':
      return to.yes;
    case 'wlan':
      return isDataFrame(build, headers, to);
    case 'atm':
      return isAtmLlc(build, headers, to);
    case 'ethernet':
      return allOf(to, [
        (t) => isLengthField(build, headers, t),
        (t) => isRawIpx(build, headers, { yes: t.no, no: t.yes }),
      ]);
    default:
      return llc satisfies never;
  }
}
