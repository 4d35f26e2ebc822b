import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { buildObject, type LinkType, parseHook } from '@hookdump/codegen';
import { compile, namedInterface, type Program, run } from '@hookdump/filter';
import { BpfObject, EnvironmentError, LoadError } from '@hookdump/loader';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noKernel, skips } from '../../packages/codegen/src/testing/harness.ts';
import { readStats } from '../support/kernel/stats.ts';
import { everyOne, sizes } from '../support/sizes.ts';

/*
 * `ifname` asks the kernel for the name of a packet's device. Two namespaces have devices of one name,
 * and what filters count of our own frames there is what run() says of them by the devices' names.
 */
const skip = skips(
  'names of interfaces',
  noKernel() ?? (process.getuid?.() === 0 ? undefined : 'not root'),
);

const [left, right] = ['l', 'r'].map((side) => `hd-ifname-${process.pid}-${side}`) as [
  string,
  string,
];
const ip = (...args: string[]): string => execFileSync('ip', args, { encoding: 'utf8' });

/** As long as a name can be, and so with all that is behind a shorter one, once it is renamed. */
const LONG = 'fifteen-letters';

beforeAll(() => {
  if (skip) return;
  ip('netns', 'add', left);
  ip('netns', 'add', right);
  for (const [a, b] of [
    ['same', 'same'],
    [LONG, 'other'],
    ['renamed-to-four', 'far'],
  ] as const) {
    ip('link', 'add', a, 'netns', left, 'type', 'veth', 'peer', 'name', b, 'netns', right);
  }
  // What is behind the new name's end is still the old one's.
  ip('-n', left, 'link', 'set', 'renamed-to-four', 'name', 'four');
  for (const { netns, device } of wires.flat()) ip('-n', netns, 'link', 'set', device, 'up');
});

afterAll(() => {
  if (skip) return;
  for (const netns of [left, right]) ip('netns', 'delete', netns);
});

interface End {
  readonly netns: string;
  readonly device: string;
}

const wires: readonly (readonly [End, End])[] = [
  [
    { netns: left, device: 'same' },
    { netns: right, device: 'same' },
  ],
  [
    { netns: left, device: LONG },
    { netns: right, device: 'other' },
  ],
  [
    { netns: left, device: 'four' },
    { netns: right, device: 'far' },
  ],
];

/** A frame on a wire, from its first end to its second. */
type Passage = readonly [from: End, to: End];
const passages: readonly Passage[] = wires.flatMap(([a, b]) => [
  [a, b],
  [b, a],
]);

/** For nobody else, nor from anybody else: an EtherType for experiments (IEEE 802). */
const frame = Buffer.alloc(60);
frame.set([2, 0x1f, 0x4e, 0x41, 0x4d, 1, 2, 0x1f, 0x4e, 0x41, 0x4d, 2, 0x88, 0xb5]);
const ours = 'ether src 02:1f:4e:41:4d:02 and ether proto 0x88b5';

/** In one process: Python takes seconds to start in a guest. os.setns() came with 3.12, hence ctypes. */
function sendAll(): void {
  const script = `
import ctypes, socket
libc = ctypes.CDLL(None, use_errno=True)
def send(netns, device):
    with open("/run/netns/" + netns) as file:
        if libc.setns(file.fileno(), 0): raise OSError(ctypes.get_errno(), "setns")
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as s:
        s.bind((device, 0))
        s.send(bytes.fromhex("${frame.toString('hex')}"))
${passages.map(([{ netns, device }]) => `send("${netns}", "${device}")`).join('\n')}
`;
  execFileSync('python3', ['-c', script], { stdio: ['ignore', 'ignore', 'inherit'] });
}

function program(filter: string, linkType: string): Program {
  const compiled = compile(filter, { linkType, linux: true, unsupported: 'no-match' });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
  return compiled.program;
}

const bytesOf = (name: string): readonly number[] => [...Buffer.from(name)];

const matches = (filter: string, device: string): boolean =>
  run(program(filter, 'EN10MB'), frame, frame.length, namedInterface(bytesOf(device))) !== 0;

const u32 = (...numbers: number[]): Uint8Array => new Uint8Array(Uint32Array.from(numbers).buffer);

async function open(spec: string, filter: string): Promise<BpfObject> {
  const parsed = parseHook(spec);
  if (!parsed.ok) throw new Error(`${parsed.message}; ${parsed.hint}`);
  const links: readonly LinkType[] = parsed.hook.kind.mixesLinkTypes
    ? ['EN10MB', 'RAW']
    : ['EN10MB'];
  const programs = Object.fromEntries(links.map((link) => [link, program(filter, link)]));
  const { bytes } = await buildObject({ filter, hooks: [parsed.hook], programs });
  return BpfObject.open(bytes, { name: 'ifname' });
}

/** Attached to every program's hook, in these namespaces only. */
async function attached(spec: string, filter: string, namespaces: readonly string[]) {
  const object = await open(spec, filter);
  const targets = new Uint8Array(128);
  targets.set(u32(...namespaces.flatMap((netns) => [statSync(`/run/netns/${netns}`).ino, 0])));
  object.setGlobal('targets', targets);
  object.setGlobal('target_count', u32(namespaces.length));
  try {
    object.load();
    for (const name of object.programs) object.program(name).attach();
    return object;
  } catch (error) {
    object.close();
    throw error;
  }
}

const names = ['same', 'sam', 'same1', LONG, LONG.slice(0, -1), 'four', 'renamed-to-four', 'other'];
const all = [
  ...names.map((name) => `ifname ${name} and ${ours}`),
  `not on same and ${ours}`,
  `(ifname same or ifname far) and ${ours}`,
];
const filters = everyOne(sizes.oneSimilarOf, all);

/** Which end of a passage a hook sees. */
const hooks = [
  ['tp_btf:netif_receive_skb', 1],
  ['tp_btf:net_dev_queue', 0],
  ['raw_tp:netif_receive_skb', 1],
  ['tp:net/net_dev_queue', 0],
  ['fentry:dev_hard_start_xmit', 0],
  ['kprobe:dev_hard_start_xmit', 0],
] as const;

/** Not every kernel has these. */
function unavailable(spec: string, error: unknown): string | undefined {
  const isRefused = error instanceof EnvironmentError || error instanceof LoadError;
  if (!isRefused || !/^(kprobe|fentry):/.test(spec)) return undefined;
  return `this kernel refuses ${spec}: ${(error as Error).message}`;
}

/** Filters at a hook, and the namespaces that they look at. */
interface Look {
  readonly namespaces: readonly string[];
  readonly asked: readonly string[];
}

const looks: readonly Look[] = [
  { namespaces: [left, right], asked: filters },
  // Of one namespace the first filter is enough.
  { namespaces: [right], asked: filters.slice(0, 1) },
];

test.skipIf(skip).for(hooks)('%s', async ([spec, side], context) => {
  const objects: BpfObject[] = [];
  try {
    for (const { namespaces, asked } of looks) {
      for (const filter of asked) objects.push(await attached(spec, filter, namespaces));
    }
    sendAll();
    const expected = looks.map(({ namespaces, asked }) => {
      const seen = passages
        .map((ends) => ends[side])
        .filter(({ netns }) => namespaces.includes(netns));
      return asked.map((filter) => seen.filter(({ device }) => matches(filter, device)).length);
    });
    expect(objects.map((object) => readStats(object, 0).matched)).toEqual(expected.flat());
    // Of two namespaces both devices of the one name, of one namespace its own.
    expect(expected.map(([first]) => first)).toEqual([2, 1]);
  } catch (error) {
    const reason = unavailable(spec, error);
    if (reason === undefined) throw error;
    return context.skip(reason);
  } finally {
    for (const object of objects) object.close();
  }
});

/** struct attached of record.h: the device, as user space tells it. */
function told(name: string): Uint8Array {
  const bytes = Buffer.alloc(28);
  bytes.write(name, 8, 'latin1');
  bytes.writeUInt32LE(1, 24);
  return bytes;
}

test.skipIf(skip).each(['xdp', 'tc:ingress'])('%s: what user space told', async (spec) => {
  for (const filter of filters.slice(0, 5)) {
    const object = await open(spec, filter);
    try {
      object.setGlobal('attached', told(LONG));
      object.load();
      object.program(object.programs[0]!).testRun(frame);
      const { seen, matched } = readStats(object, 0);
      expect([seen, matched], filter).toEqual([1, matches(filter, LONG) ? 1 : 0]);
    } finally {
      object.close();
    }
  }
});

test.skipIf(skip)('a running XDP program', async (context) => {
  const running = await open('xdp', 'arp');
  const objects: BpfObject[] = [];
  try {
    running.load();
    const target = running.program(running.programs[0]!);
    for (const name of ['lo', 'l', 'same']) {
      const object = await open('fentry:prog/xdp', `ifname ${name}`);
      objects.push(object);
      object.setTarget(object.programs[0]!, target.info().id);
      object.load();
      for (const each of object.programs) object.program(each).attach();
    }
    // A test run is on the namespace's loopback device.
    target.testRun(frame);
    expect(objects.map((object) => readStats(object, 0).matched)).toEqual([1, 0, 0]);
  } catch (error) {
    const reason = unavailable('fentry:prog', error);
    if (reason === undefined) throw error;
    context.skip(reason);
  } finally {
    for (const object of [...objects, running]) object.close();
  }
});
