import type { FieldTest } from '../headers.ts';
import { allOf, anyOf, etherTypeOnly, protocolIs } from './fields.ts';
import type { Layouts } from './layout.ts';
import { dsap, isSnap, mixedProtocols } from './llc.ts';
import { etherType, sap } from './numbers.ts';

/** In place of an EtherType (ETH_P_802_3 and ETH_P_802_2 of <linux/if_ether.h>). */
const frameKind = { rawIpx: 1, llc: 4 } as const;

/** (gencode.c: gen_linux_sll_linktype()) */
const protocols = mixedProtocols({
  isLlc: (build, headers, to) => protocolIs(build, headers, frameKind.llc, to),
  isType: protocolIs,
  isSap: dsap,
  isIpx: (build, headers, to) =>
    anyOf(to, [
      (t) => protocolIs(build, headers, frameKind.rawIpx, t),
      (t) =>
        allOf(t, [
          (u) => protocolIs(build, headers, frameKind.llc, u),
          (u) =>
            anyOf(u, [
              (v) => dsap(build, headers, sap.ipx, v),
              (v) => isSnap(build, headers, 0, etherType.ipx, v),
            ]),
        ]),
    ]),
});

/** The packet type is PACKET_OUTGOING (<linux/if_packet.h>). */
const outgoing = (offset: number, size: 1 | 2): FieldTest => ({ offset, size, value: 4 });

const direction = (outbound: FieldTest) => ({
  inbound: { ...outbound, negated: true as const },
  outbound,
});

/** What Linux gives for "any" device, with a header of its own (pcap/sll.h). */
export const cookedLayouts: Layouts = {
  LINUX_SLL: {
    link: { name: 'LINUX_SLL', protocols, direction: direction(outgoing(0, 2)) },
    protocol: { offset: 14 },
    payload: { offset: 16 },
    network: 0,
    networkNoSnap: 0,
  },
  // Unlike with version 1, libpcap takes the field for an EtherType always.
  LINUX_SLL2: {
    link: {
      name: 'LINUX_SLL2',
      protocols: etherTypeOnly,
      direction: direction(outgoing(10, 1)),
      interfaceIndex: 4,
    },
    protocol: { offset: 0 },
    payload: { offset: 20 },
    network: 0,
    networkNoSnap: 0,
  },
};
