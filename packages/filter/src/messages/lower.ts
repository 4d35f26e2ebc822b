import type { Diagnostic } from '../diagnostic.ts';
import { nearest } from '../nearest.ts';
import type { Span } from '../source.ts';
import { otherLinkTypeNames } from '../tables/link-type-names.ts';
import { error } from './diagnostics.ts';

/**
 * What phase 3, the end and the options have to say: what a link type cannot have, what can match
 * nothing, what no link type, snaplen or netmask is.
 */

/** Where a word means something, for those who used it elsewhere. */
const homes: Readonly<Record<string, string>> = {
  vlan: "VLAN tags are looked for in Ethernet and 802.11 frames, and not in what 'pppoes' looks into",
  mpls: 'MPLS labels are looked for in Ethernet frames, PPP and Cisco HDLC',
  llc: '802.2 headers are known in frames of Ethernet, 802.11, token ring, FDDI and ATM',
  type: "only 802.11 frames have types; ICMP's is 'icmp[icmptype]', an EtherType 'ether proto'",
  subtype: 'only 802.11 frames have types and subtypes',
  dir: 'only 802.11 frames have a direction of this kind, and link types that hold such frames',
  broadcast: "only link types with hardware addresses have it; IPv4 has 'ip broadcast'",
  multicast:
    "only link types with hardware addresses have it; IP has 'ip multicast', 'ip6 multicast'",
  gateway: 'it looks at hardware addresses of six bytes, such as those of Ethernet',
};

/** `where` is a link type, or what stands inside of one, in words. */
const notHere = (span: Span, message: string, hint?: string): Diagnostic =>
  error('not-on-link-type', span, message, hint);

export const notOnLinkType = (span: Span, word: string, where: string): Diagnostic =>
  notHere(span, `'${word}' means nothing on ${where}`, homes[word]);

export const notLive = (span: Span, word: string, where: string): Diagnostic =>
  notHere(
    span,
    `'${word}' needs a live capture: packets of ${where} do not say it`,
    'on Linux the kernel says it while a packet passes; files of LINUX_SLL, LINUX_SLL2 and others have it in every packet',
  );

export const noProtocols = (span: Span, where: string): Diagnostic =>
  notHere(
    span,
    `protocols cannot be told apart on ${where}`,
    "only bytes and lengths can be asked for: 'link[0] = 1', 'len > 100'",
  );

export const protocolInMpls = (span: Span): Diagnostic =>
  notHere(
    span,
    'this protocol cannot be told behind mpls labels',
    "only IPv4 and IPv6 can; tests behind an 'mpls' look behind its label",
  );

export const protocolTooLarge = (
  span: Span,
  field: string,
  value: number,
  maximum: number,
): Diagnostic =>
  error(
    'out-of-range',
    span,
    `no ${field} is ${value}: the largest is ${maximum}`,
    field === 'LLC SAP' ? 'EtherTypes begin at 1501' : undefined,
  );

export const vlanInMpls = (span: Span): Diagnostic =>
  notHere(
    span,
    "'vlan' cannot be looked for behind mpls labels",
    "write 'vlan' before 'mpls': tests behind an 'mpls' look behind its label",
  );

export const gatewayInside = (span: Span, inside: string): Diagnostic =>
  notHere(
    span,
    `'gateway' cannot be used within ${inside}`,
    'write it before: tests behind an encapsulation look inside of it',
  );

export const protochainVariable = (span: Span): Diagnostic =>
  notHere(
    span,
    "'protochain' cannot be used behind headers of variable length",
    "802.11, PFLOG, 'geneve' and 'vxlan' have such; 'proto' looks at the header behind IP's",
  );

export const noLongAddresses = (span: Span, where: string): Diagnostic =>
  notHere(
    span,
    `there are no hardware addresses of six bytes on ${where}`,
    "'link host XX:XX:XX:XX:XX:XX' and 'link host NAME' need such as Ethernet's or 802.11's",
  );

export const noShortAddresses = (span: Span, where: string): Diagnostic =>
  notHere(
    span,
    `there are no hardware addresses of one byte on ${where}`,
    "'link host $XX' is for ARCnet and BACnet MS/TP",
  );

export const onlyOnWlan = (span: Span, direction: string, where: string): Diagnostic =>
  notHere(
    span,
    `'${direction}' is an address of 802.11 frames, and ${where} has none`,
    "'src' and 'dst' are for all link types with addresses",
  );

export const onlyOnPflog = (span: Span, word: string, where: string): Diagnostic =>
  notHere(span, `'${word}' is for link type PFLOG, and means nothing on ${where}`);

/** Files have the name on PFLOG only; a live capture on Linux asks the kernel. */
export const interfaceNotLive = (span: Span, word: string, where: string): Diagnostic =>
  notHere(
    span,
    `'${word}' is for link type PFLOG, and means nothing on ${where}`,
    "a live capture on Linux ('--linux') asks the kernel for the device's name",
  );

export const onlyOnAtm = (span: Span, word: string, where: string): Diagnostic =>
  notHere(span, `'${word}' is for ATM, link type SUNATM, and means nothing on ${where}`);

export const onlyOnSs7 = (span: Span, word: string, where: string): Diagnostic =>
  notHere(
    span,
    `'${word}' is for SS7, and means nothing on ${where}`,
    'SS7 are MTP2, MTP2_WITH_PHDR and ERF',
  );

export const noRadio = (span: Span, where: string): Diagnostic =>
  notHere(
    span,
    `'radio' needs a radio header, and ${where} has none`,
    "IEEE802_11_RADIO, IEEE802_11_RADIO_AVS and PRISM_HEADER have one; 'link[…]' is the frame",
  );

export const rejectsAll = (span: Span, linkType: string): Diagnostic =>
  error('rejects-all', span, `no packet of link type ${linkType} can match`);

/** The fault is in an option. */
const notInText = (diagnostic: Diagnostic): Diagnostic => ({ ...diagnostic, inText: false });
const nowhere: Span = { start: 0, end: 0 };

/** libpcap's "snaplen of 0 rejects all packets". */
export const snapLenZero = (): Diagnostic =>
  notInText(
    error(
      'snaplen-zero',
      nowhere,
      'a snaplen of 0 keeps nothing of any packet, and so matches none',
      'a snaplen is the number of bytes to keep: 262144 for all',
    ),
  );

export const badSnapLen = (found: unknown): Diagnostic =>
  notInText(
    error(
      'bad-snaplen',
      nowhere,
      `${String(found)} is no snaplen: expected a whole number from 1 to ${0xffffffff}`,
      'a snaplen is the number of bytes to keep: 262144 for all',
    ),
  );

export const badNetmask = (found: unknown): Diagnostic =>
  notInText(
    error(
      'bad-netmask',
      nowhere,
      `${String(found)} is no netmask: expected a whole number from 0 to ${0xffffffff}`,
      '255.255.255.0 is 0xffffff00; leave it out where it is not known',
    ),
  );

/** `known`: all names, too many to be told. */
export function unknownLinkType(found: string, known: readonly string[]): Diagnostic {
  const name = String(found);
  const bare = name
    .trim()
    .toUpperCase()
    .replace(/^(DLT|LINKTYPE)_/, '');
  const meant = otherLinkTypeNames.get(bare) ?? nearest(bare, known);
  return notInText(
    error(
      'unknown-link-type',
      nowhere,
      `no filter can be compiled for link type '${name}'`,
      meant === undefined ? "'hookc -L' lists the link types" : `did you mean '${meant}'?`,
    ),
  );
}
