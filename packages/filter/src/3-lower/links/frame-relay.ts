import type { FieldTest } from '../headers.ts';
import { announcedBy } from './fields.ts';
import type { Layouts } from './layout.ts';
import { etherType, sap } from './numbers.ts';

/**
 * Behind a two-byte address: an unnumbered information frame (03) with this network layer protocol
 * identifier (ISO/IEC TR 9577, RFC 2427).
 */
export const frameRelayNlpid = (identifier: number): FieldTest => ({
  offset: 2,
  size: 2,
  value: 0x0300 | identifier,
});

const nlpid = { clnp: 0x81, esis: 0x82, isis: 0x83, ip6: 0x8e, ip: 0xcc } as const;

export const frameRelayLayouts: Layouts = {
  FRELAY: {
    link: {
      name: 'FRELAY',
      protocols: announcedBy('header', {
        [etherType.ip]: [frameRelayNlpid(nlpid.ip)],
        [etherType.ip6]: [frameRelayNlpid(nlpid.ip6)],
        [sap.iso]: [nlpid.clnp, nlpid.esis, nlpid.isis].map(frameRelayNlpid),
      }),
      osi: 'frame-relay',
    },
    payload: { offset: 0 },
    network: 0,
    networkNoSnap: 0,
  },
  // Multilink Frame Relay has only raw words; its offsets matter to nobody else.
};
