import { buildObject, parseHook } from '@hookdump/codegen';
import { type Ancillary, compile, namedInterface } from '@hookdump/filter';
import { BpfObject, type BpfProgram } from '@hookdump/loader';
import { attachAll, confine } from './attached.ts';
import type { Frame } from './frames.ts';
import type { Device, QuietLab } from './quiet-lab.ts';
import { Counted, type Sighting, type Stage, type Verdict } from './stage.ts';
import { fitsTestRun, type Sizes } from './test-run.ts';

/** The program that others look at; objects name it, and are told the one that runs by its id. */
export const watchedHook = 'fentry:prog/hookdump_xdp';

let loaded: Promise<BpfObject> | undefined;

/** It has next to nothing to say itself; who is attached to nothing goes with the process. */
const running = (): Promise<BpfObject> => {
  loaded ??= load('ether[12:2] = 0x88b5');
  return loaded;
};

async function load(filter: string): Promise<BpfObject> {
  const hook = parseHook('xdp');
  const compiled = compile(filter, { linkType: 'EN10MB', linux: true });
  if (!hook.ok || !compiled.ok) throw new Error(`${filter} at xdp`);
  const programs = { EN10MB: compiled.program };
  const { bytes } = await buildObject({ filter, hooks: [hook.hook], programs });
  const object = BpfObject.open(bytes, { name: 'running' });
  object.load();
  return object;
}

const programOf = (object: BpfObject): BpfProgram => object.program(object.programs[0]!);

/** Tells an object whom to look at. Not confined: nobody else's packets come to that program. */
export async function watchRunning(object: BpfObject): Promise<void> {
  confine(object, []);
  const { id } = programOf(await running()).info();
  for (const name of object.programs) object.setTarget(name, id);
}

/**
 * Objects that look at the running program. Ethernet frames come to it by BPF_PROG_TEST_RUN, as from
 * lo, raw IP through the tun device of the lab, to which it is attached.
 */
export async function watching(
  objects: readonly BpfObject[],
  sizes: Sizes,
  lab: QuietLab,
): Promise<Stage> {
  const program = programOf(await running());
  const netns = `/run/netns/${lab.netns}`;
  const link = program.attachXdp(lab.raw.ifindex, { netns });
  attachAll(objects);
  const counted = objects.map((object) => new Counted(object, 1));
  const isArriving = ({ route }: Frame): boolean => route === 'tun received';
  return {
    takes: (frame) => isArriving(frame) || (frame.link === 'EN10MB' && fitsTestRun(frame, sizes)),
    async show(frame) {
      const { bytes, route } = frame;
      if (isArriving(frame)) await lab.inject(route, bytes);
      else program.testRun(bytes);
      const ancillary = isArriving(frame)
        ? knownOf(lab.raw, arphrd.NONE)
        : knownOf(lo, arphrd.LOOPBACK);
      const sighting: Sighting = { hook: 0, link: frame.link, bytes, ancillary };
      const verdicts = counted.map((each): Verdict => each.next(0) ?? 'not seen');
      return [{ sighting, verdicts }];
    },
    close() {
      link.close();
      for (const object of objects) object.close();
    },
  };
}

/** Of every namespace. */
const lo: Pick<Device, 'name' | 'ifindex'> = { name: 'lo', ifindex: 1 };

/** include/uapi/linux/if_arp.h */
const arphrd = { LOOPBACK: 772, NONE: 0xfffe } as const;

/** What an xdp_buff tells: the device of the first queue. */
const knownOf = ({ name, ifindex }: Pick<Device, 'name' | 'ifindex'>, type: number): Ancillary => ({
  ...namedInterface([...Buffer.from(name)]),
  'interface-index': ifindex,
  queue: 1,
  'hardware-type': type,
});
