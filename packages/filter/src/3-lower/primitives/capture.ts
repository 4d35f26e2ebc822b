import { nameTests } from '../../ir/interface-name.ts';
import * as messages from '../../messages/lower.ts';
import { ancillary, arith, constant } from '../tree.ts';
import { allOf, type Condition, compare, field } from './condition.ts';
import { type Context, type TestOf, whereOf } from './context.ts';

/** PACKET_OUTGOING of <linux/if_packet.h>. */
const outgoing = 4;

/** The link layer's header says it, or the kernel. (gencode.c: gen_inbound_outbound()) */
export function packetDirection(
  { headers, refuse }: Context,
  { direction }: TestOf<'packet-direction'>,
): Condition {
  const { link, header, linux } = headers;
  if (link.direction !== undefined) return field(header, link.direction[direction]);
  if (!linux) return refuse((span) => messages.notLive(span, direction, whereOf(headers)));
  return compare(
    direction === 'outbound' ? '=' : '!=',
    ancillary('packet-type'),
    constant(outgoing),
  );
}

/** (gencode.c: gen_ifindex()) */
export function interfaceIndex(
  { headers, refuse }: Context,
  { index }: TestOf<'interface-index'>,
): Condition {
  const { link, header, linux } = headers;
  if (link.interfaceIndex !== undefined) {
    return field(header, { offset: link.interfaceIndex, size: 4, value: index });
  }
  if (!linux) return refuse((span) => messages.notLive(span, 'ifindex', whereOf(headers)));
  return compare('=', ancillary('interface-index'), constant(index));
}

/** The device has this name, the whole of it; `name` is its bytes. */
export function interfaceName(name: readonly number[]): Condition {
  return allOf(
    ...nameTests(name).map(({ field, mask, value }) =>
      compare('=', arith('&', ancillary(field), constant(mask)), constant(value)),
    ),
  );
}
