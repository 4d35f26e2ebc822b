import type { BlockId } from '../../ir/types.ts';
import { isLinkType, type LinkTypeName } from '../../tables/link-types.ts';
import type { Builder } from '../builder.ts';
import type { Headers } from '../headers.ts';
import { addressFamilyLayouts, savefileProtocols } from './address-family.ts';
import { arcnetLayouts } from './arcnet.ts';
import { atmLayouts } from './atm.ts';
import { cookedLayouts } from './cooked.ts';
import { ethernetLayouts } from './ethernet.ts';
import { frameRelayLayouts } from './frame-relay.ts';
import { ieee802Layouts } from './ieee802.ts';
import { juniperLayouts } from './juniper.ts';
import type { Layout, Layouts } from './layout.ts';
import { otherLayouts, withoutProtocols } from './other.ts';
import { pppLayouts } from './ppp.ts';
import { rawLayouts } from './raw.ts';
import { wlanLayouts } from './wlan.ts';

export { isAtmLane } from './atm.ts';
export { fieldIs } from './fields.ts';
export { frameRelayNlpid } from './frame-relay.ts';
export { hasLlc } from './has-llc.ts';
export {
  behindPppoe,
  holdsGuard,
  insideLane,
  insideTunnel,
  type TunnelWords,
  tunnelWords,
} from './inside.ts';
export { isProtocol, knownProtocol, type Unsupported, unsupportedProtocol } from './protocol.ts';

/** Families of link types, one file each. */
const families: readonly Layouts[] = [
  ethernetLayouts,
  wlanLayouts,
  ieee802Layouts,
  pppLayouts,
  rawLayouts,
  addressFamilyLayouts,
  cookedLayouts,
  atmLayouts,
  arcnetLayouts,
  frameRelayLayouts,
  juniperLayouts,
  otherLayouts,
];

const layouts: ReadonlyMap<LinkTypeName, Layout> = new Map(
  families.flatMap((family) =>
    Object.entries(family).flatMap(([name, layout]) => (isLinkType(name) ? [[name, layout]] : [])),
  ),
);

const layoutOf = (linkType: LinkTypeName): Layout =>
  layouts.get(linkType) ?? withoutProtocols(linkType);

/** What is known beside the link type. */
export interface Origin {
  /** A live capture on Linux. */
  readonly linux: boolean;
  /** A capture file: from any machine, so that its byte order and its AF_INET6 are open. */
  readonly savefile?: boolean;
}

/** Where a program's first test looks. */
export function startOf(linkType: LinkTypeName, { linux, savefile }: Origin): Headers {
  const { link, header, protocol, payload, network, networkNoSnap, words } = layoutOf(linkType);
  const protocols = savefile === true ? savefileProtocols[linkType] : undefined;
  return {
    linkType,
    linux,
    link: protocols === undefined ? link : { ...link, protocols },
    header: header ?? { offset: 0 },
    ...(protocol !== undefined && { protocol }),
    payload,
    network,
    networkNoSnap,
    guard: 'none',
    vlanDepth: 0,
    mplsDepth: 0,
    words: words ?? 0,
  };
}

/**
 * Puts in front of a program what its tests need to have been computed: where headers of variable
 * length end. To be called when all blocks are made, and not for a program without any test.
 *
 * @param entry the first test
 * @param reject where to go if the packet is of no use
 */
export function withPrologue(
  build: Builder,
  linkType: LinkTypeName,
  entry: BlockId,
  reject: BlockId,
): BlockId {
  const { prologue } = layoutOf(linkType);
  return prologue === undefined ? entry : prologue(build, build.recalled, entry, reject);
}
