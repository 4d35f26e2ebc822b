import { buildObject, parseHook } from '@hookdump/codegen';
import { run } from '@hookdump/filter';
import { BpfObject } from '@hookdump/loader';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findClang } from '../../packages/codegen/src/object/clang.ts';
import { noKernel, skips } from '../../packages/codegen/src/testing/harness.ts';
import {
  everyField,
  filterProgram,
  headerChain,
  liveVlan,
} from '../../packages/codegen/src/testing/programs.ts';
import { compiled } from '../support/kernel/compiled.ts';
import { guidedPackets } from '../support/packets.ts';
import { random, seed } from '../support/random.ts';
import { randomPacket, randomProgram } from '../support/random-program.ts';
import { sizes } from '../support/sizes.ts';
import { skbHarness } from '../support/skb-harness.ts';

const skip = skips('emitted C in the kernel', noKernel());

/** The first programs of a seed are the same, however many there are: a guest finds their objects. */
const RUNS = Number(process.env.HOOKDUMP_FUZZ_RUNS ?? sizes.randomPrograms);
const SETTINGS = { numRuns: RUNS, seed, endOnFailure: true } as const;
const packets = fc.array(randomPacket, { minLength: 20, maxLength: 20 });

/**
 * What BPF_PROG_TEST_RUN says of a frame at XDP: from the first queue of the namespace's loopback
 * device, number 1; and the object is made for ARPHRD_ETHER.
 */
const knownAtXdp = { 'interface-index': 1, queue: 1, 'hardware-type': 1 } as const;

/** What an sk_buff may say of a frame, each different. */
const knownOfSkb = {
  protocol: 0x86dd,
  'packet-type': 4,
  'interface-index': 3,
  mark: 0xffffffff,
  queue: 2,
  'hardware-type': 1,
  'receive-hash': 0x12345678,
  cpu: 0,
  'vlan-tag': 0xa005,
  'vlan-tag-present': 1,
  'vlan-protocol': 0x8100,
  'interface-name-0': 0x65746830,
  'interface-name-4': 0x00000001,
  'interface-name-8': 0x80000000,
  'interface-name-12': 0xfffefdfc,
} as const;

function xdpHook() {
  const parsed = parseHook('xdp');
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.hook;
}

/** Field `matched` (record.h), summed over the CPUs. */
function matched(object: BpfObject): number {
  const values = object.map('stats').lookupPerCpu(new Uint8Array(4));
  return values.reduce(
    (sum, value) =>
      sum + Number(new DataView(value.buffer, value.byteOffset).getBigUint64(8, true)),
    0,
  );
}

test.skipIf(skip)('at XDP a program decides as run() does', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(randomProgram, packets, async (program, frames) => {
      const built = await buildObject({
        filter: 'random',
        hooks: [xdpHook()],
        programs: { EN10MB: program },
      });
      const object = BpfObject.open(built.bytes, { name: 'codegen_fuzz' });
      try {
        object.load();
        const xdp = object.program('hookdump_xdp');
        for (const frame of frames) {
          const before = matched(object);
          xdp.testRun(frame);
          const wanted = run(program, frame, frame.length, knownAtXdp) === 0 ? 0 : 1;
          expect(matched(object) - before).toBe(wanted);
        }
      } finally {
        object.close();
      }
    }),
    SETTINGS,
  );
});

test.skipIf(skip).each([['xdp'], ['tp_btf:netif_receive_skb', 'tp_btf:net_dev_queue']])(
  'all that can be asked beside the bytes can be had at %s',
  async (...specs) => {
    const hooks = specs.map((spec) => {
      const parsed = parseHook(spec);
      if (!parsed.ok) throw new Error(parsed.message);
      return parsed.hook;
    });
    const built = await buildObject({
      filter: 'everything',
      hooks,
      programs: { EN10MB: everyField },
    });
    const object = BpfObject.open(built.bytes, { name: 'codegen_all' });
    try {
      object.load();
      expect(object.programs.length).toBe(specs.length);
    } finally {
      object.close();
    }
  },
);

/** Programs whose offsets differ by path, which the verifier has to follow, and their packets. */
const variable = [
  ['vlan 5 and tcp, live', liveVlan, [tagged(5, 6), tagged(5, 17), tagged(6, 6), chained(6)]],
  ...[1, 6, 24].map((steps) => {
    const chains = [[6], [17], [0, 6], [60, 0, 6], [0, 60, 17], new Array(24).fill(0).concat(6)];
    return [
      `${steps} headers`,
      headerChain(steps),
      chains.map((each) => chained(...each)),
    ] as const;
  }),
] as const;

test.skipIf(skip).each(variable)('%s: offsets that differ by path', async (_, program, frames) => {
  const built = await buildObject({
    filter: 'variable',
    hooks: [xdpHook()],
    programs: { EN10MB: program },
  });
  const xdp = BpfObject.open(built.bytes, { name: 'codegen_path' });
  const bytes = await compiled(findClang(), skbHarness(program, 0, knownOfSkb));
  const skb = BpfObject.open(bytes, { name: 'codegen_path' });
  try {
    xdp.load();
    skb.load();
    for (const frame of frames.flatMap((each) => [each, each.subarray(0, -3)])) {
      const before = matched(xdp);
      xdp.program('hookdump_xdp').testRun(frame);
      const wanted = run(program, frame, frame.length, knownAtXdp);
      expect(matched(xdp) - before).toBe(wanted === 0 ? 0 : 1);
      const { retval } = skb.program('verdict').testRun(frame);
      expect(retval).toBe(run(program, frame, frame.length, knownOfSkb));
    }
    const some = frames.map((frame) => run(program, frame, frame.length, knownAtXdp));
    expect(new Set(some)).toEqual(new Set([0, 262144]));
  } finally {
    xdp.close();
    skb.close();
  }
});

/** An Ethernet frame with a VLAN tag and an IPv4 protocol behind it. */
function tagged(vlan: number, protocol: number): Uint8Array {
  const frame = new Uint8Array(60);
  frame.set([0x81, 0, 0x20, vlan, 8, 0, 0x45], 12);
  frame[27] = protocol;
  return frame;
}

/** An IPv6 packet with these headers, 8 bytes and 16 in turn. */
function chained(...kinds: readonly number[]): Uint8Array {
  const frame = new Uint8Array(54 + 16 * kinds.length);
  frame.set([0x86, 0xdd, 0x60], 12);
  let link = 20;
  let at = 54;
  kinds.forEach((kind, index) => {
    frame[link] = kind;
    link = at;
    frame[at + 1] = index % 2;
    at += 8 + 8 * (index % 2);
  });
  return frame.subarray(0, at);
}

/**
 * The other strategy, on the same frames: half of them as if their last bytes were in pages.
 * A program that looks there decides nothing; any other decides as run() does.
 */
test.skipIf(skip)(
  'on an sk_buff a program decides as run() does',
  { timeout: 300_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(randomProgram, packets, fc.nat(40), async (program, frames, paged) => {
        const bytes = await compiled(findClang(), skbHarness(program, paged, knownOfSkb));
        const object = BpfObject.open(bytes, { name: 'codegen_fuzz' });
        try {
          object.load();
          for (const frame of frames) {
            const [verdict, undecided] = [
              object.program('verdict').testRun(frame).retval,
              object.program('undecided').testRun(frame).retval,
            ];
            const linear = frame.subarray(0, frame.length - Math.min(paged, frame.length));
            if (undecided === 0) {
              expect(verdict).toBe(run(program, frame, frame.length, knownOfSkb));
            } else {
              expect(verdict).toBe(0);
              expect(run(program, linear, frame.length, knownOfSkb)).toBe(0);
            }
            if (paged === 0) expect(undecided).toBe(0);
          }
        } finally {
          object.close();
        }
      }),
      SETTINGS,
    );
  },
);

/** What the fast way reads in a place of its own: addresses, headers behind headers, lists, `len`. */
const steered = ['EN10MB', 'RAW'].flatMap((linkType) =>
  [
    'tcp port 80 or icmp[1] = 3',
    'not (tcp[tcpflags] & tcp-syn != 0 or udp port 53)',
    'ip6 host 2001:db8::1 or tcp[tcp[12] >> 2:4] = 0x47455420',
    '17 - icmp[icmpcode] + len + 255 < 128',
    'src net 10.1 or len != ip[6:2] and dst net 10.1 and ip[16:4] > 5',
    'host 10.0.0.1 or host 10.0.0.9 or host 10.0.1.7 or net 192.168.0.0/16 or host 1.2.3.4',
    ...(linkType === 'RAW' ? [] : ['ether host 02:00:00:00:00:01', 'ether[10:4] = 0x00010800']),
  ].map((filter) => [filter, linkType] as const),
);

test.skipIf(skip).each(steered)(
  'on an sk_buff `%s` of %s decides as run() does',
  async (...each) => {
    const program = filterProgram(...each);
    const bytes = await compiled(findClang(), skbHarness(program, 0, knownOfSkb));
    const object = BpfObject.open(bytes, { name: 'codegen_skb' });
    try {
      object.load();
      for (const { data } of guidedPackets(program, random(seed), 60)) {
        if (data.length < 14) continue;
        const { retval } = object.program('verdict').testRun(data);
        const packet = Buffer.from(data).toString('hex');
        const wanted = run(program, data, data.length, knownOfSkb);
        expect({ packet, verdict: retval }).toEqual({ packet, verdict: wanted });
      }
    } finally {
      object.close();
    }
  },
);
