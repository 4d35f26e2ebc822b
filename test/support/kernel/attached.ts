import { namedInterface } from '@hookdump/filter';
import { type BpfObject, pageMap } from '@hookdump/loader';
import { pause } from '../lab.ts';
import { ethernetHeader, type Frame } from './frames.ts';
import type { QuietLab } from './quiet-lab.ts';
import { Counted, type Shown, type Sighting, type Stage, type Verdict } from './stage.ts';

/** On which way of a packet a hook is. */
export type Side = 'sent' | 'received';

/** A hook of a strategy's objects, and what passes there. */
export interface Place {
  readonly hook: string;
  readonly side: Side;
  /**
   * Whether a tag in the bytes of a received frame counts as metadata: as packet sockets have it,
   * since the kernel takes it out (skb_vlan_untag()) behind the first tracepoint.
   */
  readonly untags: boolean;
  /** Behind where it does so, which frames whose tag is cut do not come past. */
  readonly isBehindUntagging?: true;
  /** The device's name as the object was told, if not of the device itself. */
  readonly told?: string;
}

/** Attaches objects all at once; gives what takes them off, should closing them not do. */
export type Attach = (objects: readonly BpfObject[], lab: QuietLab) => () => void;

/** Each program where its section says. */
export const attachAll = (objects: readonly BpfObject[]): (() => void) => {
  for (const object of objects) {
    for (const name of object.programs) object.program(name).attach();
  }
  return () => {};
};

const MAX_TARGETS = 16;
/** A hook runs within the sending itself or, of what is received, soon after; then it is an error. */
const patience = 5_000;

/** Where the kernel's pages are; `undefined` if it does not tell. */
const pages = pageMap();

/** Whether objects that {@link confine} prepared are told where pages are. */
export const tellsPages = pages !== undefined;

/**
 * Confines an object to these network namespaces, by inode number, and tells it where pages are, as a
 * capture does; before it is loaded.
 */
export function confine(object: BpfObject, inodes: readonly number[]): void {
  if (pages !== undefined) {
    const map = BigUint64Array.of(pages.memory, pages.pages);
    object.setGlobal('page_map', new Uint8Array(map.buffer));
  }
  const targets = new Uint32Array(2 * MAX_TARGETS);
  targets.set(inodes.flatMap((inode) => [inode, 0]));
  object.setGlobal('targets', new Uint8Array(targets.buffer));
  object.setGlobal('target_count', new Uint8Array(Uint32Array.of(inodes.length).buffer));
}

/**
 * Loaded objects, attached, and real packets in the lab that pass them.
 *
 * @param places their hooks, in the order in which the objects have them
 */
export function attached(
  objects: readonly BpfObject[],
  places: readonly Place[],
  lab: QuietLab,
  attach: Attach = attachAll,
): Stage {
  const detach = attach(objects, lab);
  const counted = objects.map((object) => new Counted(object, places.length));
  return {
    takes: (frame) => places.some(({ side }) => passes(frame, side)),
    async show(frame) {
      await lab.inject(frame.route, frame.bytes, frame.tag);
      const shown: Shown[] = [];
      for (const [hook, place] of places.entries()) {
        if (!passes(frame, place.side)) continue;
        const broken = isBroken(frame, place.side);
        if (broken && place.isBehindUntagging) continue;
        const verdicts: Verdict[] = [];
        for (const each of counted) verdicts.push(await nextOf(each, hook));
        if (broken) continue;
        shown.push({
          sighting: { hook, link: frame.link, ...sightAt(frame, place, lab) },
          verdicts,
        });
      }
      return shown;
    },
    close() {
      detach();
      for (const object of objects) object.close();
    },
  };
}

/** A packet to a tun device comes out in user space, and what user space writes there only arrives. */
const passes = ({ route }: Frame, side: Side): boolean =>
  route === 'veth' || route === `tun ${side}`;

async function nextOf(counted: Counted, hook: number): Promise<Verdict> {
  const late = Date.now() + patience;
  for (;;) {
    const verdict = counted.next(hook);
    if (verdict !== undefined) return verdict;
    if (Date.now() > late) return 'not seen';
    await pause(1);
  }
}

const tagLength = 4;
const tagProtocols: readonly number[] = [0x8100, 0x88a8];

/** The EtherType, or what stands in its place. */
const typeOf = (bytes: Uint8Array): number => (bytes[12]! << 8) | bytes[13]!;

/** Received with a tag in the bytes, which the kernel then takes out (skb_vlan_untag()). */
const willBeUntagged = ({ link, bytes, tag }: Frame, side: Side): boolean =>
  side === 'received' &&
  link === 'EN10MB' &&
  tag === undefined &&
  tagProtocols.includes(typeOf(bytes));

/** The kernel drops a packet whose tag and EtherType are not all there. */
const isBroken = (frame: Frame, side: Side): boolean =>
  willBeUntagged(frame, side) && frame.bytes.length < ethernetHeader + tagLength + 2;

/** What a packet socket's filter is shown of the frame there. */
function sightAt(
  frame: Frame,
  { side, untags, told }: Place,
  lab: QuietLab,
): Pick<Sighting, 'bytes' | 'ancillary'> {
  const device = frame.link === 'RAW' ? lab.raw : side === 'sent' ? lab.left : lab.right;
  const untagged = untags && willBeUntagged(frame, side);
  const { bytes } = frame;
  const tag = untagged
    ? { protocol: typeOf(bytes), tci: (bytes[14]! << 8) | bytes[15]! }
    : frame.tag;
  return {
    bytes: untagged
      ? Uint8Array.from([...bytes.subarray(0, 12), ...bytes.subarray(12 + tagLength)])
      : bytes,
    ancillary: {
      ...namedInterface([...Buffer.from(told ?? device.name)]),
      'interface-index': device.ifindex,
      'packet-type': side === 'sent' ? packetTypes.outgoing : packetType(bytes, device.address),
      ...(tag && {
        'vlan-tag-present': 1,
        'vlan-tag': tag.tci,
        'vlan-protocol': tag.protocol,
      }),
    },
  };
}

/** include/uapi/linux/if_packet.h */
const packetTypes = { host: 0, broadcast: 1, multicast: 2, otherHost: 3, outgoing: 4 } as const;

/**
 * What a frame is for a device with this hardware address (eth_type_trans() of net/ethernet/eth.c);
 * a device without addresses has only what is for us.
 */
export function packetType(bytes: Uint8Array, address: Uint8Array): number {
  if (address.length === 0) return packetTypes.host;
  const to = bytes.subarray(0, address.length);
  if (to.every((byte) => byte === 0xff)) return packetTypes.broadcast;
  if (to[0]! & 1) return packetTypes.multicast;
  return to.every((byte, at) => byte === address[at]) ? packetTypes.host : packetTypes.otherHost;
}
