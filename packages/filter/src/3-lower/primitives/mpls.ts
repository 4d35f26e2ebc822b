import * as messages from '../../messages/lower.ts';
import { behindMpls, type Headers, networkHeader } from '../headers.ts';
import { allOf, type Condition, field } from './condition.ts';
import { announces, type Context, type Encapsulation, type TestOf, whereOf } from './context.ts';

/** An entry of the label stack is four bytes: label, three bits, whether it is the last, a byte. */
const label = { mask: 0xfffff000, shift: 12 } as const;

/** (gencode.c: gen_mpls()) */
export function mpls(context: Context, test: TestOf<'mpls'>): Encapsulation | false {
  const { headers, refuse } = context;
  const { link, mplsDepth } = headers;
  if (mplsDepth === 0 && link.mpls === undefined) {
    return refuse((span) => messages.notOnLinkType(span, 'mpls', whereOf(headers)));
  }
  const isMpls = mplsDepth > 0 ? isNotLast(headers) : announces(context, link.mpls!);
  const value = test.label === undefined ? undefined : (test.label << label.shift) >>> 0;
  const hasLabel =
    value === undefined ||
    field(networkHeader(headers), { offset: 0, size: 4, mask: label.mask, value });
  return { condition: allOf(isMpls, hasLabel), inside: behindMpls(headers) };
}

/** The entry before doesn't say that it is the last. */
const isNotLast = (headers: Headers): Condition =>
  field(networkHeader(headers), { offset: -2, size: 1, mask: 1, value: 0 });
