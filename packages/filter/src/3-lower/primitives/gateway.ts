import * as messages from '../../messages/lower.ts';
import { etherTypes } from '../../tables/protocols.ts';
import { ipv4AddressIn } from './address.ts';
import { allOf, anyOf, type Condition, negate } from './condition.ts';
import { announces, type Context, type TestOf } from './context.ts';
import { longAddress } from './hardware-address.ts';

/**
 * A frame from or to the gateway, with a packet that is neither from it nor to it. Inside of other
 * protocols there is no way to tell which hardware address goes with which packet.
 * (gencode.c: gen_gateway())
 */
export function gateway(context: Context, test: TestOf<'gateway'>): Condition {
  const { guard, mplsDepth } = context.headers;
  if (mplsDepth > 0) return context.refuse((span) => messages.gatewayInside(span, 'MPLS'));
  if (guard !== 'none' && guard !== 'lane') {
    return context.refuse((span) => messages.gatewayInside(span, 'VXLAN or Geneve'));
  }
  const isGateways = longAddress(context, 'src or dst', test.hardware, (span, where) =>
    messages.notOnLinkType(span, 'gateway', where),
  );
  const ofOthers = test.protocols.map((protocol) =>
    allOf(
      announces(context, etherTypes[protocol]),
      negate(
        anyOf(
          ...test.addresses.map((address) =>
            ipv4AddressIn(context, protocol, {
              direction: 'src or dst',
              address,
              mask: 0xffffffff,
            }),
          ),
        ),
      ),
    ),
  );
  return allOf(isGateways, anyOf(...ofOthers));
}
