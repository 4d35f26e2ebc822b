import * as messages from '../../messages/lower.ts';
import { hasLlc } from '../links/index.ts';
import { allOf, type Condition, field } from './condition.ts';
import { type Context, type TestOf, whereOf } from './context.ts';

/** Where the control field is in an 802.2 header (IEEE 802.2 clause 3.2). */
const controlField = 2;

/** (gencode.c: gen_llc(), gen_llc_s_subtype(), …) */
export function llc({ headers, refuse }: Context, { control }: TestOf<'llc'>): Condition {
  const { link, payload } = headers;
  if (link.llc === undefined) {
    return refuse((span) => messages.notOnLinkType(span, 'llc', whereOf(headers)));
  }
  const isLlc: Condition = link.llc === 'always' || ((build, to) => hasLlc(build, headers, to));
  if (control === undefined) return isLlc;
  return allOf(isLlc, field(payload, { offset: controlField, size: 1, ...control }));
}
