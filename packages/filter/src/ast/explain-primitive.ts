import { type Explained, protocolNames } from './explained.ts';
import { formatIdentifier } from './format.ts';
import type { Direction, Identifier, Qualifiers } from './types.ts';

/** An identifier under its qualifiers, written or taken over. */
export function explainPrimitive(id: Identifier, qualifiers: Qualifiers | undefined): Explained {
  const written = id.kind === 'name' ? id.text : formatIdentifier(id);
  if (qualifiers === undefined) {
    return { text: `${written}, of which nothing says what it is` };
  }
  const { protocol, direction = 'src or dst', type } = qualifiers;
  switch (type) {
    case 'port':
      return explainPort(protocol, `${ends[direction]} port ${written}`);
    case 'portrange':
      return explainPort(protocol, `a ${ends[direction]} port ${explainRange(written)}`);
    case 'proto':
      return { text: explainProto(protocol, written) };
    case 'protochain':
      return {
        text: `${networks(protocol)} with protocol ${written} somewhere in the chain of headers`,
      };
    case 'gateway':
      return {
        text: `${networks(protocol, 'arp')} that goes through the gateway ${written}: its hardware address, but not its IP address`,
      };
    default:
      return explainAddress(id, protocol, direction, type);
  }
}

/** For addresses and ports. */
const ends: Readonly<Record<Direction, string>> = {
  src: 'source',
  dst: 'destination',
  'src or dst': 'source or destination',
  'src and dst': 'source and destination',
  ra: 'receiver',
  ta: 'transmitter',
  addr1: 'first',
  addr2: 'second',
  addr3: 'third',
  addr4: 'fourth',
};

const portNote =
  'ports are found in first fragments of IPv4 and right behind the fixed header of IPv6 only';

function explainPort(protocol: string | undefined, port: string): Explained {
  const over = protocol === undefined ? 'TCP, UDP or SCTP' : protocol.toUpperCase();
  return { text: `${over} with ${port}`, notes: [portNote] };
}

/** Two ends, the lower one of two numbers first; names are put in order when they are looked up. */
function explainRange(written: string): string {
  const [first = '', second = '', ...more] = written.split('-');
  if (first === '' || second === '' || more.length > 0) return written;
  const [low, high] = portNumber(first) > portNumber(second) ? [second, first] : [first, second];
  return `from ${low} to ${high}`;
}

/** As C writes numbers; NaN for a name. */
const portNumber = (text: string): number =>
  /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text);

/** @returns `undefined` for a number, and for a name that is none of the language's protocols */
function protocolName(written: string): string | undefined {
  const names = [moreLinkProtocols, protocolNames].find((each) => Object.hasOwn(each, written));
  return names?.[written]?.replace(/ over .*/, '');
}

/** What `ether proto` knows and is no word of the language. */
const moreLinkProtocols: Readonly<Record<string, string>> = {
  lldp: 'LLDP',
  loopback: 'Ethernet loopback tests',
  slow: 'a slow protocol of Ethernet, such as LACP',
};

function explainProto(protocol: string | undefined, written: string): string {
  const name = protocolName(written);
  const carried = name ?? `protocol ${written}`;
  switch (protocol) {
    case undefined:
      return `IPv4 or IPv6 that carries ${carried}`;
    case 'ip':
      return `IPv4 that carries ${carried}`;
    case 'ip6':
      return `IPv6 that carries ${carried}, behind a fragment header at most`;
    case 'iso':
      return name ?? `OSI of network-layer protocol ${written}`;
    case 'isis':
      return `IS-IS of PDU type ${written}`;
    default:
      return name === undefined
        ? `a frame of link-layer type ${written}`
        : `a frame that carries ${name}`;
  }
}

function networks(protocol: string | undefined, otherwise?: 'arp'): string {
  const names: Readonly<Record<string, string>> = {
    ip: 'IPv4',
    ip6: 'IPv6',
    arp: 'ARP',
    rarp: 'RARP',
  };
  if (protocol !== undefined) return names[protocol] ?? protocol;
  return otherwise === 'arp' ? 'IPv4, ARP or RARP' : 'IPv4 or IPv6';
}

function explainAddress(
  id: Identifier,
  protocol: string | undefined,
  direction: Direction,
  type: 'host' | 'net' | undefined,
): Explained {
  if (protocol === 'decnet') {
    return { text: `DECnet with ${ends[direction]} node ${formatIdentifier(id)}` };
  }
  const over = carriers(id, protocol, type);
  const hardware = over === undefined;
  const end = `${ends[direction]} ${hardware ? 'hardware address' : 'address'}`;
  const subject = hardware ? 'a frame' : over;
  return { text: `${subject} with ${describeAddress(id, type, end)}` };
}

/** What may hold the address; `undefined` for the link layer. */
function carriers(
  id: Identifier,
  protocol: string | undefined,
  type: 'host' | 'net' | undefined,
): string | undefined {
  if (id.kind === 'mac' || id.kind === 'mac8') return undefined;
  if (protocol !== undefined) {
    return ['ip', 'ip6', 'arp', 'rarp'].includes(protocol) ? networks(protocol) : undefined;
  }
  if (id.kind === 'ipv6') return 'IPv6';
  return id.kind === 'name' && type !== 'net' ? 'IPv4, ARP, RARP or IPv6' : 'IPv4, ARP or RARP';
}

/** @param end such as `source address` */
function describeAddress(id: Identifier, type: 'host' | 'net' | undefined, end: string): string {
  switch (id.kind) {
    case 'number':
      return type === 'net' ? numberedNet(id.value, end) : `${end} ${dotted(id.value)}`;
    case 'ipv4': {
      const parts = id.text.split('.').length;
      if (id.mask !== undefined)
        return `a ${end} that is ${padded(id.text)} under the mask ${padded(id.mask)}`;
      if (id.prefix === undefined && parts === 4) return `${end} ${id.text}`;
      return `a ${end} in ${padded(id.text)}/${id.prefix ?? 8 * parts}`;
    }
    case 'ipv6':
      return id.prefix === undefined || id.prefix === 128
        ? `${end} ${id.text}`
        : `a ${end} in ${id.text}/${id.prefix}`;
    case 'name':
      return type === 'net'
        ? `a ${end} in the network called ${id.text}`
        : `a ${end} of ${id.text}`;
    default:
      return `${end} ${formatIdentifier(id)}`;
  }
}

/** Parts that are left out at the end are 0. */
const padded = (text: string): string => text + '.0'.repeat(4 - text.split('.').length);

/** One number names a network by its leading bytes: 10 is 10.0.0.0/8; 0 is an address. */
function numberedNet(value: number, end: string): string {
  if (value === 0) return `${end} 0.0.0.0`;
  let [shifted, bits] = [value, 32];
  while (shifted < 0x1000000) [shifted, bits] = [shifted * 256, bits - 8];
  return bits === 32 ? `${end} ${dotted(shifted)}` : `a ${end} in ${dotted(shifted)}/${bits}`;
}

const dotted = (value: number): string =>
  [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join('.');
