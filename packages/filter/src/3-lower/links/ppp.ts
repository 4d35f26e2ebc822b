import type { LinkTypeName } from '../../tables/link-types.ts';
import type { FieldTest, Link, ProtocolField } from '../headers.ts';
import { anyOf, protocolIs } from './fields.ts';
import type { Layout, Layouts } from './layout.ts';
import { etherType, sap } from './numbers.ts';

/** IANA "ppp-numbers": what PPP calls protocols that are asked for by EtherType or SAP. */
const pppNumbers: Readonly<Record<number, number>> = {
  [etherType.ip]: 0x0021,
  [sap.iso]: 0x0023,
  [etherType.xns]: 0x0025,
  [etherType.decnet]: 0x0027,
  [etherType.atalk]: 0x0029,
  [sap.ipx]: 0x002b,
  [sap.stp]: 0x0031,
  [etherType.ip6]: 0x0057,
};

/** TCP/IP headers compressed by Van Jacobson's method, and not (RFC 1332). */
const vanJacobson = [0x002d, 0x002f] as const;

const mplsUnicast = 0x0281;

const pppNumber = (protocol: number): number => pppNumbers[protocol] ?? protocol;

/** (gencode.c: ethertype_to_ppptype()); what it has no number for is taken for PPP's own. */
const protocols: ProtocolField = {
  limits: 'ppp',
  is: (build, headers, protocol, to) => protocolIs(build, headers, pppNumber(protocol), to),
};

const withCompressed: ProtocolField = {
  limits: 'ppp',
  is: (build, headers, protocol, to) => {
    if (protocol !== etherType.ip) return protocols.is(build, headers, protocol, to);
    const numbers = [pppNumber(protocol), ...vanJacobson];
    return anyOf(
      to,
      numbers.map((number) => (targets) => protocolIs(build, headers, number, targets)),
    );
  },
};

/** Cisco's HDLC: EtherTypes, and OSI protocols behind FE FE and one more byte. */
const hdlc: ProtocolField = {
  limits: 'hdlc',
  is: (build, headers, protocol, to) =>
    protocolIs(build, headers, protocol === sap.iso ? 0xfefe : protocol, to),
};

/** PPP, as captured and as found inside PPPoE (RFC 1661). */
export const ppp: Link = { name: 'PPP', protocols, mpls: mplsUnicast };

function layout(link: Link, protocol: number, payload: number): Layout {
  return {
    link,
    protocol: { offset: protocol },
    payload: { offset: payload },
    network: 0,
    networkNoSnap: 0,
  };
}

const plain = (name: LinkTypeName): Link => ({ name, protocols });

/** pppd puts 0 or 1 in place of the address byte FF. */
const fromHost = (value: 0 | 1): FieldTest => ({ offset: 0, size: 1, value });

export const pppLayouts: Layouts = {
  // Behind the address and control bytes of HDLC-like framing (RFC 1662).
  PPP: layout(ppp, 2, 4),
  PPP_SERIAL: layout(plain('PPP_SERIAL'), 2, 4),
  PPP_PPPD: layout(
    { ...plain('PPP_PPPD'), direction: { inbound: fromHost(0), outbound: fromHost(1) } },
    2,
    4,
  ),
  // Behind PPPoE's header of six bytes (RFC 2516).
  PPP_ETHER: layout(plain('PPP_ETHER'), 6, 8),
  PPP_BSDOS: layout({ name: 'PPP_BSDOS', protocols: withCompressed }, 5, 24),
  C_HDLC: layout(
    { name: 'C_HDLC', protocols: hdlc, mpls: etherType.mpls, osi: 'cisco-hdlc' },
    2,
    4,
  ),
};
