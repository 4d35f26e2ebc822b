import type { BlockId } from '../../ir/types.ts';
import type { Builder, Targets } from '../builder.ts';
import { type Headers, type Place, shift } from '../headers.ts';
import { recall } from '../tree.ts';
import { laneControl, sunAtm } from './atm.ts';
import { ethernet } from './ethernet.ts';
import { fieldIs } from './fields.ts';
import { ppp } from './ppp.ts';

/** Behind PPPoE's header of six bytes (RFC 2516): PPP, beginning with its protocol field. */
export function behindPppoe(headers: Headers): Headers {
  const header = shift(headers.payload, headers.network + 6);
  return {
    ...headers,
    link: ppp,
    header,
    protocol: header,
    payload: shift(header, 2),
    network: 0,
    networkNoSnap: 0,
    guard: 'none',
  };
}

/** Inside ATM LAN emulation: Ethernet, two bytes into the ATM payload. */
export function insideLane(headers: Headers): Headers {
  const header: Place = { offset: sunAtm.payload + 2 };
  return {
    ...headers,
    link: ethernet,
    header,
    protocol: shift(header, 12),
    payload: shift(header, 14),
    network: 0,
    networkNoSnap: 3,
    guard: 'lane',
  };
}

/** The three scratch words that {@link insideTunnel} reads, from the first free one on. */
export interface TunnelWords {
  readonly protocol: number;
  readonly header: number;
  readonly payload: number;
}

export const tunnelWords = ({ words }: Headers): TunnelWords => ({
  protocol: words,
  header: words + 1,
  payload: words + 2,
});

/**
 * Inside Geneve or VXLAN. Scratch words ({@link tunnelWords} of the headers outside) hold where the
 * field with the inner frame's EtherType, its Ethernet header, and what follows that begin, counted
 * from the packet's first byte; the last two are the same where there is no Ethernet header.
 * `networkNoSnap` and the MPLS depth stay those from outside, as in gen_geneve_offsets().
 */
export function insideTunnel(headers: Headers): Headers {
  const words = tunnelWords(headers);
  const at = (word: number): Place => ({ offset: 0, index: recall(word) });
  return {
    ...headers,
    link: ethernet,
    header: at(words.header),
    protocol: at(words.protocol),
    payload: at(words.payload),
    network: 0,
    guard: { headerWord: words.header, payloadWord: words.payload },
    words: headers.words + 3,
  };
}

/** What must hold before the Ethernet addresses of an inner frame are looked at. */
export function holdsGuard(build: Builder, { guard }: Headers, to: Targets): BlockId {
  if (guard === 'none') return to.yes;
  if (guard === 'lane') return fieldIs(build, { offset: 0 }, laneControl, to);
  return build.test('==', recall(guard.headerWord), recall(guard.payloadWord), {
    yes: to.no,
    no: to.yes,
  });
}
