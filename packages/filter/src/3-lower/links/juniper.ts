import type { LinkTypeName } from '../../tables/link-types.ts';
import type { FieldTest, ProtocolField } from '../headers.ts';
import { fieldIs } from './fields.ts';
import { type Layout, type Layouts, notSet } from './layout.ts';

/** Every packet begins with these three bytes, and a byte of flags: bit 0 is set on inbound ones. */
const magic: FieldTest = { offset: 0, size: 4, mask: 0xffffff00, value: 0x4d474300 };

const isInbound = (value: 0 | 1): FieldTest => ({ offset: 3, size: 1, mask: 1, value });

/**
 * All that libpcap can tell is that it is a Juniper packet: any protocol is announced by any of
 * them. What follows stands at a fixed place, if it has one at all.
 */
const protocols: ProtocolField = {
  limits: 'any',
  is: (build, headers, _protocol, to) => fieldIs(build, headers.header, magic, to),
};

/** Type field, payload, network header with and without SNAP behind it. */
type Offsets = readonly [protocol: number, payload: number, network: number, networkNoSnap: number];

const offsets = {
  JUNIPER_MFR: [4, 4, 0, notSet],
  JUNIPER_MLFR: [4, 4, 0, notSet],
  JUNIPER_MLPPP: [4, 4, 0, notSet],
  JUNIPER_PPP: [4, 4, 0, notSet],
  JUNIPER_CHDLC: [4, 4, 0, notSet],
  JUNIPER_FRELAY: [4, 4, 0, notSet],
  JUNIPER_ATM1: [4, 4, 0, 10],
  JUNIPER_ATM2: [8, 8, 0, 10],
  JUNIPER_PPPOE: [16, 14, 18, 21],
  JUNIPER_ETHER: [16, 14, 18, 21],
  JUNIPER_PPPOE_ATM: [4, 6, 0, notSet],
  JUNIPER_GGSN: [6, 12, 0, notSet],
  JUNIPER_ES: [6, notSet, notSet, notSet],
  JUNIPER_MONITOR: [12, 12, 0, notSet],
  JUNIPER_SERVICES: [12, notSet, notSet, notSet],
  JUNIPER_VP: [18, notSet, notSet, notSet],
  JUNIPER_ST: [18, notSet, notSet, notSet],
  JUNIPER_ISM: [8, notSet, notSet, notSet],
  JUNIPER_VS: [8, notSet, notSet, notSet],
  JUNIPER_SRX_E2E: [8, notSet, notSet, notSet],
  JUNIPER_FIBRECHANNEL: [8, notSet, notSet, notSet],
  JUNIPER_ATM_CEMIC: [8, notSet, notSet, notSet],
} as const satisfies Partial<Record<LinkTypeName, Offsets>>;

function layout(name: LinkTypeName, [protocol, payload, network, noSnap]: Offsets): Layout {
  return {
    link: {
      name,
      protocols,
      direction: { inbound: isInbound(1), outbound: isInbound(0) },
    },
    protocol: { offset: protocol },
    payload: { offset: payload },
    network,
    networkNoSnap: noSnap,
  };
}

export const juniperLayouts: Layouts = Object.fromEntries(
  Object.entries(offsets).map(([name, places]) => [name, layout(name as LinkTypeName, places)]),
);
