import type { BlockId } from '../../ir/types.ts';
import type { LinkTypeName } from '../../tables/link-types.ts';
import type { Builder, Targets } from '../builder.ts';
import type { FieldTest, Headers, Link, ProtocolField } from '../headers.ts';
import { loadAt, shift } from '../headers.ts';
import { constant } from '../tree.ts';
import { allOf, anyOf, protocolIs, protocolPlace } from './fields.ts';
import type { Layout, Layouts } from './layout.ts';
import { dsap, isSnap, mixedProtocols } from './llc.ts';
import { etherType, maxLength, sap } from './numbers.ts';

/** The type field is a length (IEEE 802.3 clause 3.2.6): an 802.2 header follows, or raw IPX. */
export const isLengthField = (build: Builder, headers: Headers, to: Targets): BlockId =>
  build.test('>', loadAt(2, protocolPlace(headers)), constant(maxLength), {
    yes: to.no,
    no: to.yes,
  });

/** The payload begins with FF FF: IPX without any 802.2 header, as old NetWare sent it. */
export const isRawIpx = (build: Builder, headers: Headers, to: Targets): BlockId =>
  build.test('==', loadAt(2, headers.payload), constant(0xffff), to);

/** IPX in 802.3 frames: with a SNAP header, with its SAP, with nothing. */
const isIpx = (build: Builder, headers: Headers, to: Targets): BlockId =>
  allOf(to, [
    (t) => isLengthField(build, headers, t),
    (t) =>
      anyOf(t, [
        (u) => isSnap(build, headers, 0, etherType.ipx, u),
        (u) => dsap(build, headers, sap.ipx, u),
        (u) => isRawIpx(build, headers, u),
      ]),
  ]);

/**
 * Counted from the type field and not from the payload, as libpcap does: the same, but for what
 * Geneve has inside without an Ethernet header.
 */
const isSap = (build: Builder, headers: Headers, value: number, to: Targets): BlockId =>
  build.test('==', loadAt(1, protocolPlace(headers), 2), constant(value), to);

const protocols: ProtocolField = mixedProtocols({
  isLlc: isLengthField,
  isType: protocolIs,
  isSap,
  isIpx,
});

const common: Omit<Link, 'name'> = {
  protocols,
  addresses: { kind: 'mac48', source: 6, destination: 0 },
  vlan: 'packet',
  mpls: etherType.mpls,
};

/** Ethernet, as captured and as found inside other things (IEEE 802.3 clause 3). */
export const ethernet: Link = { ...common, name: 'EN10MB', llc: 'ethernet', vlan: 'linux' };

/** The type field and the payload, so many bytes into the packet and with a tag in between. */
function layout(link: Link, start: number, tag: number): Layout {
  const header = { offset: start };
  return {
    link,
    header,
    protocol: shift(header, 12 + tag),
    payload: shift(header, 14 + tag),
    network: 0,
    networkNoSnap: 3,
  };
}

/** A switch's tag of four bytes behind the addresses; its first byte says which way. */
const tagged = (name: LinkTypeName, inbound: FieldTest, outbound: FieldTest): Layout =>
  layout({ ...common, name, llc: 'ethernet', direction: { inbound, outbound } }, 0, 4);

/** Opcode 0 goes to the processor, 1 comes from it (Broadcom tag, top three bits). */
const brcm = (opcode: number): FieldTest => ({
  offset: 12,
  size: 1,
  mask: 0xe0,
  value: opcode << 5,
});

/** Tag command 0 goes to the processor, 1 comes from it (Marvell DSA tag, top two bits). */
const dsa = (command: number): FieldTest => ({
  offset: 12,
  size: 1,
  mask: 0xc0,
  value: command << 6,
});

export const ethernetLayouts: Layouts = {
  EN10MB: layout(ethernet, 0, 0),
  DSA_TAG_BRCM: tagged('DSA_TAG_BRCM', brcm(0), brcm(1)),
  DSA_TAG_DSA: tagged('DSA_TAG_DSA', dsa(0), dsa(1)),
  // Behind a header of four bytes; behind that, preamble and start-of-frame delimiter of eight.
  NETANALYZER: layout({ ...common, name: 'NETANALYZER' }, 4, 0),
  NETANALYZER_TRANSPARENT: layout({ ...common, name: 'NETANALYZER_TRANSPARENT' }, 12, 0),
};
