import { readFileSync } from 'node:fs';
import { type Hook, type LinkType, parseHook } from '@hookdump/codegen';
import type { Ancillary } from '@hookdump/filter';
import type { BpfObject } from '@hookdump/loader';
import { attachTc } from './attach-tc.ts';
import { type Attach, attached, confine, type Place, packetType, tellsPages } from './attached.ts';
import { emitted, emitterCompiler, emitterHook } from './emitted.ts';
import { ethernetHeader, type Frame } from './frames.ts';
import type { QuietLab } from './quiet-lab.ts';
import { watchedHook, watching, watchRunning } from './running-xdp.ts';
import type { Stage } from './stage.ts';
import { testRun } from './test-run.ts';

/** One way in which filters run in the kernel. */
export interface Strategy {
  readonly name: string;
  /** The hooks of one object. */
  readonly hooks: readonly string[];
  /** The link types whose programs one object holds. */
  readonly links: readonly LinkType[];
  /** Whether it can look into pages; where it can't, it may leave a frame undecided. */
  readonly reachesPages: boolean;
  /** The same of filters that are cut into parts, which cannot be given a trusted sk_buff. */
  readonly partsReachPages?: boolean;
  /**
   * Of how many filters one is tried, unless HOOKDUMP_KERNEL_ALL asks for all: more than 1 where
   * objects take long to load, or where another row has the same in another place.
   */
  readonly oneOf: number;
  /** Whether programs of link types that no hook has are loaded too; once for a kind of access. */
  readonly loadsOthers?: boolean;
  /**
   * Only some kernels have it, those of guests among them: elsewhere it is tried with an object that
   * takes every packet, and told if it is not there.
   */
  readonly notEverywhere?: boolean;
  /** A command without which objects cannot be attached. */
  readonly command?: string;
  /** Sets what is set before objects are loaded; `inodes`: the namespaces that they may look into. */
  prepare(object: BpfObject, inodes: readonly number[]): void | Promise<void>;
  /** Takes objects that are loaded, and closes them in the end. */
  stage(objects: readonly BpfObject[], lab: QuietLab): Stage | Promise<Stage>;
}

/** `struct attached` of record.h, of which filters of XDP and tc read the device's name and type. */
function device(type: number, name = ''): Uint8Array {
  const bytes = new Uint8Array(28);
  bytes.set(Buffer.from(name), 8);
  new DataView(bytes.buffer).setUint32(24, type, true);
  return bytes;
}

/** include/uapi/linux/if_arp.h */
const arphrd = { EN10MB: 1, RAW: 0xfffe } as const;

/** What BPF_PROG_TEST_RUN says of each frame: first queue of the namespace's first device, lo. */
const knownAtXdp = (link: LinkType): Ancillary => ({
  'interface-index': 1,
  queue: 1,
  'hardware-type': arphrd[link],
});

/** More does not fit into a page together with what the kernel keeps beside it. */
const onePage = 3500;
/** Several buffers, which `xdp.frags` stands for. */
const severalPages = 9000;

const xdpSizes = { shortest: ethernetHeader, longest: severalPages };
/** Shorter than its EtherType's IP header, and a frame is refused. */
const tcSizes = { shortest: ethernetHeader + 40, longest: onePage };

/** One object for each link type, as a device has one. */
const xdp = (link: LinkType, more: Partial<Strategy> = {}): Strategy => ({
  name: `xdp, ${link}`,
  hooks: ['xdp'],
  links: [link],
  reachesPages: true,
  oneOf: 1,
  prepare: (object) => object.setGlobal('attached', device(arphrd[link])),
  stage: (objects) => {
    const stage = testRun(objects, xdpSizes, () => knownAtXdp(link));
    return narrowed(stage, (frame) => frame.link === link);
  },
  ...more,
});

/** A stage that does not take all that it could. */
const narrowed = (stage: Stage, takes: (frame: Frame) => boolean): Stage => ({
  ...stage,
  takes: (frame) => takes(frame) && stage.takes(frame),
});

/** Objects that are attached in the lab. */
function inLab(
  name: string,
  places: readonly Place[],
  more: Partial<Strategy> & {
    readonly attach?: Attach;
    readonly takes?: (frame: Frame) => boolean;
  } = {},
): Strategy {
  const { attach, takes = () => true, ...rest } = more;
  return {
    name,
    hooks: places.map(({ hook }) => hook),
    links: ['EN10MB', 'RAW'],
    reachesPages: true,
    oneOf: 1,
    prepare: confine,
    stage: (objects, lab) => narrowed(attached(objects, places, lab, attach), takes),
    ...rest,
  };
}

const sent = (hook: string): Place => ({ hook, side: 'sent', untags: false });
const received = (hook: string, untags = false): Place => ({ hook, side: 'received', untags });

/** The kernel untags before they run; one object is told one name. */
const tcPlaces = (egress: string, ingress: string): readonly Place[] => [
  { ...sent(`tc:${egress}/egress`), told: egress },
  { ...received(`tc:${ingress}/ingress`, true), told: egress, isBehindUntagging: true },
];

/** Programs of tc know what they are attached to. */
const tc = (link: LinkType, egress: string, ingress: string): Strategy =>
  inLab(`tc, ${link}`, tcPlaces(egress, ingress), {
    links: [link],
    oneOf: 8,
    command: 'bpftool',
    attach: attachTc(egress, ingress),
    prepare: (object) => object.setGlobal('attached', device(arphrd[link], egress)),
    takes: (frame) => frame.link === link,
  });

/** BPF_PROG_TEST_RUN makes an sk_buff that lo, without an address, has received. */
const tcTestRun: Strategy = {
  name: 'tc, test runs',
  hooks: ['tc:ingress'],
  links: ['EN10MB'],
  reachesPages: true,
  oneOf: 16,
  prepare: () => {},
  stage: (objects) =>
    testRun(objects, tcSizes, ({ bytes }) => ({
      'interface-index': 1,
      'packet-type': packetType(bytes, new Uint8Array(6)),
    })),
};

/** A buffer of a process, which is told what its packets are. */
const uprobe = (link: LinkType, oneOf: number): Strategy => ({
  name: `uprobe, ${link}`,
  hooks: [emitterHook],
  links: [link],
  reachesPages: true,
  oneOf,
  command: emitterCompiler,
  prepare: (object) => object.setGlobal('attached', device(arphrd[link])),
  stage: (objects) => emitted(objects, link),
});

const release = readFileSync('/proc/sys/kernel/osrelease', 'utf8').split('.').map(Number);
const isAtLeast = (major: number, minor: number): boolean =>
  release[0]! > major || (release[0] === major && release[1]! >= minor);

/** The same C as at tp_btf, on pointers that the verifier does not know. */
const untyped = { reachesPages: tellsPages, oneOf: 26 };

/** Every strategy. Adding one: a line. */
export const strategies: readonly Strategy[] = [
  xdp('EN10MB', { oneOf: 2, loadsOthers: true }),
  xdp('RAW', { oneOf: 4 }),
  inLab('tp_btf', [sent('tp_btf:net_dev_queue'), received('tp_btf:netif_receive_skb', true)], {
    // bpf_dynptr_from_skb() at tracepoints.
    reachesPages: tellsPages || isAtLeast(6, 12),
    partsReachPages: tellsPages,
    oneOf: 6,
  }),
  tc('EN10MB', 'left', 'right'),
  tc('RAW', 'raw0', 'raw0'),
  tcTestRun,
  inLab('raw_tp', [sent('raw_tp:net_dev_queue'), received('raw_tp:netif_receive_skb')], untyped),
  inLab('tp', [sent('tp:net/net_dev_queue'), received('tp:net/netif_receive_skb')], untyped),
  inLab('kprobe', [sent('kprobe:dev_hard_start_xmit')], { ...untyped, notEverywhere: true }),
  inLab('fentry', [sent('fentry:dev_hard_start_xmit')], { ...untyped, notEverywhere: true }),
  {
    name: 'xdp_buff',
    hooks: [watchedHook],
    links: ['EN10MB', 'RAW'],
    ...untyped,
    notEverywhere: true,
    prepare: watchRunning,
    stage: (objects, lab) => watching(objects, xdpSizes, lab),
  },
  uprobe('EN10MB', 8),
  uprobe('RAW', 16),
];

const all = process.env.HOOKDUMP_KERNEL_ALL !== undefined;

/** The share of filters, or whatever else there is a list of, that a strategy is tried with. */
export const shareOf = <T>({ oneOf }: Strategy, list: readonly T[]): T[] =>
  list.filter((_, index) => all || index % oneOf === 0);

/** @throws Error for a spec that codegen does not know */
export function hooksOf({ hooks }: Strategy): Hook[] {
  return hooks.map((spec) => {
    const parsed = parseHook(spec);
    if (!parsed.ok) throw new Error(`${spec}: ${parsed.message}: ${parsed.hint}`);
    return parsed.hook;
  });
}
