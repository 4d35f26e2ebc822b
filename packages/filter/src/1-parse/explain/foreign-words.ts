import type { IToken } from 'chevrotain';
import * as t from '../tokens.ts';
import { isKind } from './situation.ts';

/** Fields of Wireshark's display filters that people write here, and what says the same here. */
const displayFilterFields: Readonly<Record<string, string>> = {
  'arp.dst.proto_ipv4': 'arp dst host',
  'arp.src.proto_ipv4': 'arp src host',
  'eth.addr': 'ether host',
  'eth.dst': 'ether dst',
  'eth.src': 'ether src',
  'eth.type': 'ether proto',
  'frame.len': 'len =',
  'ip.addr': 'host',
  'ip.dst': 'dst host',
  'ip.host': 'host',
  'ip.proto': 'ip proto',
  'ip.src': 'src host',
  'ipv6.addr': 'host',
  'ipv6.dst': 'dst host',
  'ipv6.nxt': 'ip6 proto',
  'ipv6.src': 'src host',
  'mpls.label': 'mpls',
  'sctp.port': 'sctp port',
  'tcp.dstport': 'tcp dst port',
  'tcp.port': 'tcp port',
  'tcp.srcport': 'tcp src port',
  'udp.dstport': 'udp dst port',
  'udp.port': 'udp port',
  'udp.srcport': 'udp src port',
  'vlan.id': 'vlan',
  'vxlan.vni': 'vxlan',
};

/**
 * What `name sign value` means if it is of a display filter: `ip.src == 10.0.0.1`.
 *
 * @param sign what follows the name
 * @param value what follows the sign
 */
export function foreignMeaning(
  name: string,
  sign: IToken,
  value: IToken | undefined,
): string | undefined {
  const meant = displayFilterFields[name.toLowerCase()];
  if (meant === undefined || !isKind(sign, t.RelationSign)) return undefined;
  if (meant === 'len =') return `len ${sign.image} ${value?.image ?? 100}`;
  const operand = `${meant} ${value?.image ?? '…'}`;
  return sign.payload === '!=' ? `not ${operand}` : operand;
}
