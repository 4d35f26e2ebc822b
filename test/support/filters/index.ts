import type { Random } from '../random.ts';
import {
  cast,
  directed,
  host,
  list,
  net,
  oldProtocol,
  port,
  protochain,
  protocol,
  word,
} from './addresses.ts';
import { lengthTest, radio, relation } from './arithmetic.ts';
import * as link from './link-layer.ts';
import { atm, interfaceIndex, pf, ss7, wlan } from './special.ts';

/**
 * Random filters of the whole language, grown from its grammar, for link types with all that can be
 * said on each. Most of them compile; what does not must be refused by libpcap too.
 */
type Primitive = (r: Random) => string;

/** On every link type that has protocols. */
const general: readonly Primitive[] = [
  word,
  word,
  host,
  host,
  net,
  directed,
  port,
  port,
  protocol,
  list,
  relation,
  relation,
  relation,
  cast,
  oldProtocol,
  link.linkProtocol,
  lengthTest,
];
const hardware = [link.hardwareAddress, link.hardwareAddress, link.broadcast];
const withChains = [...general, protochain];
const tags = [link.vlan, link.vlan, link.mpls, link.pppoes, link.geneve, link.pppoed];
const onlyInternet = [link.geneve, link.pppoes];

interface Family {
  readonly linkTypes: readonly string[];
  readonly primitives: readonly Primitive[];
  /** What makes the rest of the filter look inside. */
  readonly encapsulations: readonly Primitive[];
  /** How often a filter is for this family. */
  readonly weight: number;
}

const juniper = [
  'ATM1',
  'ATM2',
  'ATM_CEMIC',
  'CHDLC',
  'ES',
  'ETHER',
  'FIBRECHANNEL',
  'FRELAY',
  'GGSN',
  'ISM',
  'MFR',
  'MLFR',
  'MLPPP',
  'MONITOR',
  'PPP',
  'PPPOE',
  'PPPOE_ATM',
  'SERVICES',
  'SRX_E2E',
  'ST',
  'VP',
  'VS',
].map((name) => `JUNIPER_${name}`);

export const families: readonly Family[] = [
  {
    linkTypes: ['EN10MB', 'EN10MB', 'EN10MB', 'NETANALYZER', 'NETANALYZER_TRANSPARENT'],
    primitives: [...withChains, ...hardware, link.llc],
    encapsulations: tags,
    weight: 10,
  },
  {
    linkTypes: ['IEEE802_11', 'IEEE802_11_RADIO', 'IEEE802_11_RADIO_AVS', 'PRISM_HEADER', 'PPI'],
    primitives: [...general, ...hardware, link.llc, wlan, wlan, wlan, wlan, radio],
    encapsulations: [link.vlan, link.geneve, link.pppoes],
    weight: 6,
  },
  {
    linkTypes: ['FDDI', 'IEEE802', 'IP_OVER_FC', 'ATM_RFC1483'],
    primitives: [...withChains, ...hardware, link.llc],
    encapsulations: onlyInternet,
    weight: 3,
  },
  {
    linkTypes: ['ARCNET', 'ARCNET_LINUX'],
    primitives: [...withChains, link.shortAddress, link.shortAddress, link.broadcast],
    encapsulations: onlyInternet,
    weight: 1,
  },
  {
    linkTypes: ['PPP', 'PPP_SERIAL', 'PPP_ETHER', 'PPP_BSDOS', 'PPP_PPPD', 'C_HDLC'],
    primitives: withChains,
    encapsulations: [...onlyInternet, link.mpls],
    weight: 3,
  },
  {
    linkTypes: [
      'RAW',
      'RAW',
      'IPV4',
      'IPV6',
      'SLIP',
      'SLIP_BSDOS',
      'NULL',
      'LOOP',
      'ENC',
      'ATM_CLIP',
    ],
    primitives: withChains,
    encapsulations: onlyInternet,
    weight: 4,
  },
  {
    linkTypes: ['LINUX_SLL', 'LINUX_SLL2', 'IPNET', 'PPP_PPPD'],
    primitives: [...withChains, link.packetDirection],
    encapsulations: onlyInternet,
    weight: 3,
  },
  {
    linkTypes: ['LINUX_SLL2'],
    primitives: [...withChains, link.packetDirection, interfaceIndex, interfaceIndex],
    encapsulations: onlyInternet,
    weight: 1,
  },
  {
    linkTypes: juniper,
    primitives: [...withChains, link.packetDirection, link.packetDirection],
    encapsulations: onlyInternet,
    weight: 3,
  },
  {
    linkTypes: ['FRELAY', 'SYMANTEC_FIREWALL', 'LTALK', 'APPLE_IP_OVER_IEEE1394'],
    primitives: withChains,
    encapsulations: onlyInternet,
    weight: 2,
  },
  {
    linkTypes: ['PFLOG'],
    primitives: [...general, pf, pf, pf, pf],
    encapsulations: onlyInternet,
    weight: 1,
  },
  {
    linkTypes: ['SUNATM'],
    primitives: [...withChains, atm, atm, atm, atm, atm],
    encapsulations: onlyInternet,
    weight: 2,
  },
  {
    linkTypes: ['MTP2', 'MTP2_WITH_PHDR', 'ERF'],
    primitives: [ss7, ss7, ss7, lengthTest],
    encapsulations: [],
    weight: 2,
  },
  {
    linkTypes: ['USB_LINUX', 'CAN_SOCKETCAN', 'BLUETOOTH_HCI_H4'],
    primitives: [lengthTest],
    encapsulations: [],
    weight: 1,
  },
];

export interface Filter {
  readonly linkType: string;
  readonly text: string;
}

const drawn = families.flatMap((family) => Array<Family>(family.weight).fill(family));

export function randomFilter(r: Random): Filter {
  const family = r.pick(drawn);
  const text = textFor(r, family);
  return { linkType: r.pick(family.linkTypes), text };
}

/** A random filter of what can be said on a link type. */
export function randomFilterOn(r: Random, linkType: string): string {
  const family = families.find(({ linkTypes }) => linkTypes.includes(linkType));
  if (family === undefined) throw new RangeError(`no filters are made for ${linkType}`);
  return textFor(r, family);
}

function textFor(r: Random, family: Family): string {
  const inside = family.encapsulations.length > 0 && r.oneIn(3);
  return inside ? encapsulated(r, family) : expression(r, family, 3);
}

/** `vlan and mpls 5 and (…)`: one to three layers, and something inside them. */
function encapsulated(r: Random, family: Family): string {
  const layers = Array.from({ length: 1 + r.below(3) }, () => r.pick(family.encapsulations)(r));
  const text = [...layers, parenthesized(r, family, 2)].join(' and ');
  return r.oneIn(4) ? `${expression(r, family, 1)} ${conjunction(r)} ${text}` : text;
}

function expression(r: Random, family: Family, depth: number): string {
  if (depth === 0 || r.oneIn(3)) return primitive(r, family);
  switch (r.below(6)) {
    case 0:
      return `${r.pick(['not', '!'])} ${r.pick(['', 'not '])}${parenthesized(r, family, depth)}`;
    case 1:
      return `(${expression(r, family, depth - 1)})`;
    default: {
      const terms = Array.from({ length: 2 + r.below(2) }, () => parenthesized(r, family, depth));
      return terms.reduce((left, right) => `${left} ${conjunction(r)} ${right}`);
    }
  }
}

const conjunction = (r: Random): string => r.pick(['and', 'or', '&&', '||']);

const primitive = (r: Random, { primitives, encapsulations }: Family): string =>
  encapsulations.length > 0 && r.oneIn(25) ? r.pick(encapsulations)(r) : r.pick(primitives)(r);

function parenthesized(r: Random, family: Family, depth: number): string {
  const inner = expression(r, family, depth - 1);
  return r.oneIn(2) && !inner.startsWith('(') ? inner : `(${inner})`;
}
