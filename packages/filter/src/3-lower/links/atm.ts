import type { BlockId } from '../../ir/types.ts';
import type { Builder, Targets } from '../builder.ts';
import type { AtmOffsets, FieldTest, Headers, Link, ProtocolField } from '../headers.ts';
import { allOf, fieldIs } from './fields.ts';
import type { Layouts } from './layout.ts';
import { llcProtocols } from './llc.ts';

/** SunATM's header: a byte with direction and type, virtual path, virtual channel (two bytes). */
export const sunAtm: AtmOffsets = { type: 0, vpi: 1, vci: 2, payload: 4 };

/** The lower half of the first byte. */
const trafficType = { lane: 1, llc: 2 } as const;

const isType = (value: number): FieldTest => ({
  offset: sunAtm.type,
  size: 1,
  mask: 0xf,
  value,
});

/** `llc`: the payload begins with an 802.2 header. */
export const isAtmLlc = (build: Builder, headers: Headers, to: Targets): BlockId =>
  fieldIs(build, headers.header, isType(trafficType.llc), to);

/** `lane`: the payload is LAN emulation. */
export const isAtmLane = (build: Builder, headers: Headers, to: Targets): BlockId =>
  fieldIs(build, headers.header, isType(trafficType.lane), to);

/** LAN emulation's frames of data don't begin with this, its control frames do. */
export const laneControl: FieldTest = {
  offset: sunAtm.payload,
  size: 2,
  value: 0xff00,
  negated: true,
};

const protocols: ProtocolField = {
  limits: 'llc-or-ethertype',
  is: (build, headers, protocol, to) =>
    allOf(to, [
      (t) => isAtmLlc(build, headers, t),
      (t) => llcProtocols.is(build, headers, protocol, t),
    ]),
};

const link: Link = { name: 'SUNATM', protocols, llc: 'atm', atm: sunAtm };

export const atmLayouts: Layouts = {
  SUNATM: {
    link,
    protocol: { offset: sunAtm.payload },
    payload: { offset: sunAtm.payload },
    network: 8,
    networkNoSnap: 3,
  },
};
