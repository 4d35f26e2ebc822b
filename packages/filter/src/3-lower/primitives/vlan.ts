import * as messages from '../../messages/lower.ts';
import { behindLiveVlan, behindVlan, type Headers, networkHeader } from '../headers.ts';
import { ancillary, arith, constant } from '../tree.ts';
import {
  allOf,
  anyOf,
  type Blocks,
  type Condition,
  choose,
  compare,
  field,
  store,
} from './condition.ts';
import { announces, type Context, type Encapsulation, type TestOf, whereOf } from './context.ts';

/** EtherTypes that announce a tag: IEEE 802.1Q, 802.1ad, and stacked tags from before that. */
const tagTypes = [0x8100, 0x88a8, 0x9100] as const;

/** The part of the tag's two bytes that is the VLAN's number. */
const idBits = 0xfff;

/** Bytes that a tag takes in the packet. */
const tagLength = 4;

/** (gencode.c: gen_vlan()) */
export function vlan(context: Context, { id }: TestOf<'vlan'>): Encapsulation | false {
  const { headers, refuse } = context;
  const { link, mplsDepth } = headers;
  if (mplsDepth > 0) return refuse(messages.vlanInMpls);
  if (link.vlan === undefined) {
    return refuse((span) => messages.notOnLinkType(span, 'vlan', whereOf(headers)));
  }
  const inPacket = allOf(
    anyOf(...tagTypes.map((type) => announces(context, type))),
    id === undefined || hasId(headers, id),
  );
  return isOutermost(headers)
    ? { condition: live(headers, inPacket, id), inside: behindLiveVlan(headers) }
    : { condition: inPacket, inside: behindVlan(headers) };
}

const hasId = (headers: Headers, id: number): Condition =>
  field(networkHeader(headers), { offset: 0, size: 2, mask: idBits, value: id });

/** Only the first tag of the packet itself is taken out of it by the kernel. */
function isOutermost({ linux, link, vlanDepth, header }: Headers): boolean {
  return (
    linux &&
    link.vlan === 'linux' &&
    vlanDepth === 0 &&
    header.offset === 0 &&
    header.index === undefined
  );
}

/**
 * The tag is in ancillary data, or else in the packet: then what follows stands four bytes further
 * on, which a scratch word remembers, also if there is no tag at all, as the tests behind a `vlan`
 * look behind it whether it matched or not. (gencode.c: gen_vlan_bpf_extensions())
 */
function live({ words }: Headers, inPacket: Condition, id: number | undefined): Blocks {
  const isTaken = compare('=', ancillary('vlan-tag-present'), constant(1));
  const tag = arith('&', ancillary('vlan-tag'), constant(idBits));
  const hasTakenId = id === undefined || compare('=', tag, constant(id));
  return choose(isTaken, hasTakenId, allOf(store(words, constant(tagLength)), inPacket));
}
