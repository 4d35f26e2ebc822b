import type { BlockId } from '../../ir/types.ts';
import type { Builder, Targets } from '../builder.ts';
import type { FieldTest, Headers, ProtocolField } from '../headers.ts';
import { allOf, anyOf, fieldIs } from './fields.ts';
import { etherType, maxLength, sap } from './numbers.ts';

/** A field of the 802.2 header, which begins the payload. */
const llc = (build: Builder, headers: Headers, field: FieldTest, to: Targets): BlockId =>
  fieldIs(build, headers.payload, field, to);

/** DSAP and SSAP are both this. */
const bothSaps = (build: Builder, headers: Headers, value: number, to: Targets): BlockId =>
  llc(build, headers, { offset: 0, size: 2, value: (value << 8) | value }, to);

/** The DSAP is this. */
export const dsap = (build: Builder, headers: Headers, value: number, to: Targets): BlockId =>
  llc(build, headers, { offset: 0, size: 1, value }, to);

/**
 * A SNAP header (IEEE 802.1 annex) of this organization with this protocol: AA AA 03, three bytes,
 * two bytes. The last four bytes are compared first, as gen_bcmp() does.
 */
export function isSnap(
  build: Builder,
  headers: Headers,
  organization: number,
  protocol: number,
  to: Targets,
): BlockId {
  const first = (0xaaaa0300 | (organization >>> 16)) >>> 0;
  const last = (((organization & 0xffff) << 16) | protocol) >>> 0;
  return allOf(to, [
    (targets) => llc(build, headers, { offset: 4, size: 4, value: last }, targets),
    (targets) => llc(build, headers, { offset: 0, size: 4, value: first }, targets),
  ]);
}

/** AppleTalk's SNAP headers: its own organization for DDP, Ethernet's for AARP. */
function isAppleSnap(build: Builder, headers: Headers, protocol: number, to: Targets): BlockId {
  return isSnap(build, headers, protocol === etherType.atalk ? 0x080007 : 0, protocol, to);
}

/** Do both SAPs name this protocol, rather than the DSAP alone? */
const isNamedByBothSaps = (protocol: number): boolean =>
  protocol === sap.iso || protocol === sap.ip || protocol === sap.netbeui;

/**
 * Link layers where every frame has an 802.2 header. EtherTypes are looked for where a SNAP header
 * has them, without a look at whether there is one. (gencode.c: gen_llc_linktype())
 */
export const llcProtocols: ProtocolField = {
  limits: 'llc-or-ethertype',
  is: (build, headers, protocol, to) => {
    if (isNamedByBothSaps(protocol)) return bothSaps(build, headers, protocol, to);
    if (protocol === etherType.atalk) return isAppleSnap(build, headers, protocol, to);
    if (protocol <= maxLength) return dsap(build, headers, protocol, to);
    return llc(build, headers, { offset: 6, size: 2, value: protocol }, to);
  },
};

/**
 * Link layers where a frame has an 802.2 header, or says with a number in the type field that it
 * has none. What Ethernet and Linux's cooked capture have in common: they differ in how one tells.
 */
interface MixedLlc {
  /** There is an 802.2 header. */
  readonly isLlc: (build: Builder, headers: Headers, to: Targets) => BlockId;
  /** The type field is this EtherType. */
  readonly isType: (build: Builder, headers: Headers, type: number, to: Targets) => BlockId;
  /** Behind what {@link isLlc} found: the DSAP is this. */
  readonly isSap: (build: Builder, headers: Headers, value: number, to: Targets) => BlockId;
  /** IPX behind whatever else it comes in than an EtherType. */
  readonly isIpx: (build: Builder, headers: Headers, to: Targets) => BlockId;
}

/** (gencode.c: gen_ether_linktype(), gen_linux_sll_linktype()) */
export function mixedProtocols({ isLlc, isType, isSap, isIpx }: MixedLlc): ProtocolField {
  return {
    limits: 'llc-or-ethertype',
    is: (build, headers, protocol, to) => {
      const isApple = protocol === etherType.atalk || protocol === etherType.aarp;
      if (protocol > maxLength && !isApple) return isType(build, headers, protocol, to);
      const behindLlc = (test: (to: Targets) => BlockId) => (targets: Targets) =>
        allOf(targets, [(t) => isLlc(build, headers, t), test]);
      const type = (value: number) => (targets: Targets) => isType(build, headers, value, targets);
      if (isNamedByBothSaps(protocol)) {
        return behindLlc((t) => bothSaps(build, headers, protocol, t))(to);
      }
      if (protocol === sap.ipx) {
        return anyOf(to, [type(etherType.ipx), (t) => isIpx(build, headers, t)]);
      }
      if (isApple) {
        const snap = behindLlc((t) => isAppleSnap(build, headers, protocol, t));
        return anyOf(to, [type(protocol), snap]);
      }
      return behindLlc((t) => isSap(build, headers, protocol, t))(to);
    },
  };
}
