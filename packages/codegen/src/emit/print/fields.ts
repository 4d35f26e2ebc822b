import type { BlockId, Value, ValueId } from '@hookdump/filter';
import type { Shape } from '../facts/dominators.ts';
import type { Place, Views } from '../facts/views.ts';
import { entriesOf, type Prepared, type PreparedBlock } from '../prepared.ts';

/** Offset in the header and size, and the field there. */
type Fields = Readonly<Record<string, string>>;

type Network = 'ip' | 'ip6' | 'arp';
type Transport = 'tcp' | 'udp' | 'icmp' | 'unknown';

/** EtherTypes (RFC 894, 8200, 826, 903), and what their headers hold. */
const NETWORKS: ReadonlyMap<number, Network> = new Map([
  [0x800, 'ip'],
  [0x86dd, 'ip6'],
  [0x806, 'arp'],
  [0x8035, 'arp'],
]);

const NETWORK_FIELDS: Readonly<Record<Network, Fields>> = {
  ip: {
    '0:1': 'ip_version_and_length',
    '1:1': 'ip_tos',
    '2:2': 'ip_length',
    '4:2': 'ip_id',
    '6:2': 'ip_fragment',
    '6:4': 'ip_fragment_ttl_protocol',
    '8:1': 'ip_ttl',
    '9:1': 'ip_protocol',
    '12:4': 'ip_source',
    '16:4': 'ip_destination',
  },
  ip6: {
    '4:2': 'ip6_length',
    '6:1': 'ip6_next_header',
    '7:1': 'ip6_hop_limit',
    '8:4': 'ip6_source_0',
    '12:4': 'ip6_source_1',
    '16:4': 'ip6_source_2',
    '20:4': 'ip6_source_3',
    '24:4': 'ip6_destination_0',
    '28:4': 'ip6_destination_1',
    '32:4': 'ip6_destination_2',
    '36:4': 'ip6_destination_3',
  },
  arp: { '6:2': 'arp_operation', '14:4': 'arp_sender', '24:4': 'arp_target' },
};

/** An Ethernet header's addresses, as they are loaded: two bytes, and the four behind them. */
const ETHER_FIELDS: Fields = {
  '0:2': 'ether_destination_0',
  '2:4': 'ether_destination_2',
  '6:2': 'ether_source_0',
  '8:4': 'ether_source_2',
  '12:2': 'ether_type',
};

/** IP protocol numbers (IANA). */
const TRANSPORTS: ReadonlyMap<number, Transport> = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
]);

const PORTS: Fields = { '0:2': 'source_port', '2:2': 'destination_port' };

const TRANSPORT_FIELDS: Readonly<Record<Transport, Fields>> = {
  tcp: {
    ...PORTS,
    '4:4': 'tcp_sequence',
    '8:4': 'tcp_acknowledged',
    '12:1': 'tcp_data_offset',
    '13:1': 'tcp_flags',
    '14:2': 'tcp_window',
  },
  udp: { ...PORTS, '4:2': 'udp_length' },
  icmp: { '0:1': 'icmp_type', '1:1': 'icmp_code' },
  unknown: PORTS,
};

const IP6_HEADER = 40;
const ETHER_HEADER = 14;

/** What the tests on the way to a block have said that the packet is. */
interface Known {
  readonly network?: Network;
  /** Where its header begins. */
  readonly base: number;
  readonly transport: Transport;
}

/** Names for loads of fields that the way to them says to be there. */
export function fieldNames(
  prepared: Prepared,
  shape: Shape,
  views: Views,
  linkType: string,
): ReadonlyMap<ValueId, string> {
  const entries = entriesOf(prepared.blocks);
  const names = new Map<ValueId, string>();
  const known = new Map<BlockId, Known>();
  for (const block of prepared.blocks.values()) {
    const above = shape.dominator.get(block.id);
    const before: Known = (above !== undefined && known.get(above)) || NOTHING;
    const from = above === undefined ? undefined : prepared.blocks.get(above);
    const here =
      from !== undefined && entries.get(block.id) === 1
        ? learn(before, from, block.id, prepared, views, linkType)
        : before;
    known.set(block.id, here);
    for (const value of block.values) {
      const name = value.kind === 'load' ? nameOf(value, views, here, linkType) : undefined;
      if (name !== undefined) names.set(value.id, name);
    }
  }
  return names;
}

const NOTHING: Known = { base: 0, transport: 'unknown' };

/** What is known behind a block's test. */
function learn(
  before: Known,
  { end }: PreparedBlock,
  to: BlockId,
  { byId, constants }: Prepared,
  views: Views,
  linkType: string,
): Known {
  if (end.kind !== 'branch' || end.test.op !== '==' || end.yes !== to) return before;
  const number = constants.get(end.test.right);
  const tested = byId.get(end.test.left)!;
  const mask = tested.kind === 'arith' ? constants.get(tested.right) : 0xffffffff;
  const load = tested.kind === 'arith' ? byId.get(tested.left)! : tested;
  if (number === undefined || mask === undefined || load.kind !== 'load') return before;
  const { view, offset } = views.places.get(load.id)!;
  if (view.index !== undefined) return before;
  if (linkType === 'RAW' && offset === 0 && mask === 0xf0) {
    const network = number === 0x40 ? 'ip' : number === 0x60 ? 'ip6' : undefined;
    return network === undefined ? before : { network, base: 0, transport: 'unknown' };
  }
  const network = NETWORKS.get(number);
  if (linkType === 'EN10MB' && load.size === 2 && network !== undefined && offset >= 12) {
    return { network, base: offset + 2, transport: 'unknown' };
  }
  const protocol = before.network === 'ip' ? 9 : before.network === 'ip6' ? 6 : undefined;
  if (protocol === undefined || offset + load.size !== before.base + protocol + 1) return before;
  if ((mask & 0xff) !== 0xff) return before;
  return { ...before, transport: TRANSPORTS.get(number & 0xff) ?? 'unknown' };
}

function nameOf(
  load: Value & { kind: 'load' },
  views: Views,
  { network, base, transport }: Known,
  linkType: string,
): string | undefined {
  const { view, offset }: Place = views.places.get(load.id)!;
  const key = (from: number): string => `${offset - from}:${load.size}`;
  if (view.usual !== undefined) return TRANSPORT_FIELDS[transport][key(base)];
  if (view.index !== undefined) return undefined;
  if (linkType === 'EN10MB' && offset < ETHER_HEADER) return ETHER_FIELDS[key(0)];
  if (network === undefined) return undefined;
  if (network === 'ip6' && offset >= base + IP6_HEADER) {
    return TRANSPORT_FIELDS[transport][key(base + IP6_HEADER)];
  }
  return NETWORK_FIELDS[network][key(base)];
}
