import { networkHeader } from '../headers.ts';
import { behindPppoe } from '../links/index.ts';
import { allOf, type Condition, field } from './condition.ts';
import { announces, type Context, type Encapsulation, type TestOf } from './context.ts';

/** EtherTypes (RFC 2516). */
const discovery = 0x8863;
const session = 0x8864;

export const pppoeDiscovery = (context: Context): Condition => announces(context, discovery);

/** (gencode.c: gen_pppoes()) */
export function pppoeSession(context: Context, test: TestOf<'pppoe-session'>): Encapsulation {
  const { headers } = context;
  const isSession =
    test.session === undefined ||
    field(networkHeader(headers), { offset: 2, size: 2, value: test.session });
  return {
    condition: allOf(announces(context, session), isSession),
    inside: behindPppoe(headers),
  };
}
