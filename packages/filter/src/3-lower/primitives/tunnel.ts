import { type Headers, networkHeader, type Place } from '../headers.ts';
import { insideTunnel, type TunnelWords, tunnelWords } from '../links/index.ts';
import { arith, constant, load, recall, type Tree } from '../tree.ts';
import { allOf, anyOf, type Condition, choose, compare, field, store } from './condition.ts';
import type { Context, Encapsulation, TestOf } from './context.ts';
import { behindIpv4, behindIpv6, ipProtocol } from './ip-header.ts';
import { type Ports, portOverIpv4, portOverIpv6 } from './port.ts';

/** UDP ports (IANA "service-names-port-numbers"). */
const port = { geneve: 6081, vxlan: 4789 } as const;

/** Bytes of UDP's header, and behind it of Geneve's without options (RFC 8926) and VXLAN's (RFC 7348). */
const udp = 8;
const tunnel = 8;

/** Bytes of Ethernet's addresses, and with the type field that follows. */
const addresses = 12;
const ethernet = 14;

/** In Geneve's protocol field: an Ethernet frame is inside ("transparent Ethernet bridging"). */
const bridged = 0x6558;

/** (gencode.c: gen_geneve()) */
export function geneve(context: Context, { vni }: TestOf<'geneve'>): Encapsulation {
  const isVersion0 = (transport: Place): Condition =>
    field(transport, { offset: udp, size: 1, mask: 0xc0, value: 0 });
  return tunnelTo(context, port.geneve, isVersion0, vni, geneveWords);
}

/** (gencode.c: gen_vxlan()) */
export function vxlan(context: Context, { vni }: TestOf<'vxlan'>): Encapsulation {
  const hasFlags = (transport: Place): Condition =>
    field(transport, { offset: udp, size: 1, value: 8 });
  return tunnelTo(context, port.vxlan, hasFlags, vni, vxlanWords);
}

/**
 * What the two have in common: a UDP port over IPv4 or IPv6, a network number of three bytes in the
 * same place, and an inner frame whose place differs by packet and is kept in scratch words.
 */
function tunnelTo(
  context: Context,
  number: number,
  isHeader: (transport: Place) => Condition,
  vni: number | undefined,
  setWords: (words: TunnelWords, offset: number) => Condition,
): Encapsulation {
  const { headers } = context;
  const words = tunnelWords(headers);
  const ports: Ports = {
    protocols: [ipProtocol.udp],
    direction: 'dst',
    low: number,
    high: number,
  };
  const over = (isPort: Condition, transport: Place): Condition =>
    allOf(
      isPort,
      isHeader(transport),
      vni === undefined || hasVni(transport, vni),
      // Until the words get what they are for, one holds how far the UDP header is from where
      // IPv4's would end if it were empty: then both ways go on alike.
      store(words.payload, distance(headers, transport)),
    );
  const found = anyOf(
    over(portOverIpv4(context, ports), behindIpv4(headers)),
    over(portOverIpv6(context, ports), behindIpv6(headers)),
  );
  const { offset } = networkHeader(headers);
  return {
    condition: allOf(found, setWords(words, (offset + udp) >>> 0)),
    inside: insideTunnel(headers),
  };
}

const hasVni = (transport: Place, vni: number): Condition =>
  field(transport, { offset: udp + 4, size: 4, mask: 0xffffff00, value: (vni << 8) >>> 0 });

/** From the constant part of the network header's place to a place behind it. */
function distance(headers: Headers, place: Place): Tree {
  const bytes = (place.offset - networkHeader(headers).offset) >>> 0;
  if (place.index === undefined) return constant(bytes);
  return bytes === 0 ? place.index : arith('+', place.index, constant(bytes));
}

/** VXLAN: the frame begins behind a header of fixed length. (gencode.c: gen_vxlan_offsets()) */
function vxlanWords(words: TunnelWords, offset: number): Condition {
  const frame = arith('+', recall(words.payload), constant((offset + tunnel) >>> 0));
  return allOf(store(words.header, frame), withFrame(words));
}

/**
 * Geneve: options may follow, and what is inside need not be Ethernet. If it isn't, Geneve's own
 * protocol field takes the place of the frame's, and the frame's header is empty.
 * (gencode.c: gen_geneve_offsets())
 */
function geneveWords(words: TunnelWords, offset: number): Condition {
  const start = recall(words.payload);
  const options = arith('*', arith('&', load(1, offset, start), constant(0x3f)), constant(4));
  const header = arith('+', start, constant((offset + tunnel) >>> 0));
  const protocol = load(2, (offset + 2) >>> 0, start);
  return allOf(
    store(words.header, arith('+', options, header)),
    choose(
      compare('=', protocol, constant(bridged)),
      withFrame(words),
      allOf(
        store(words.protocol, arith('+', start, constant((offset + 2) >>> 0))),
        store(words.payload, recall(words.header)),
      ),
    ),
  );
}

/** An Ethernet frame begins where the word for its header says. */
const withFrame = (words: TunnelWords): Condition =>
  allOf(
    store(words.protocol, arith('+', recall(words.header), constant(addresses))),
    store(words.payload, arith('+', recall(words.header), constant(ethernet))),
  );
