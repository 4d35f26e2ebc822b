import { buildObject, emitC, parseHook } from '@hookdump/codegen';
import { type Program, run } from '@hookdump/filter';
import { BpfObject } from '@hookdump/loader';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findClang } from '../../packages/codegen/src/object/clang.ts';
import { inlineHeaders } from '../../packages/codegen/src/source/render.ts';
import { noKernel, skips } from '../../packages/codegen/src/testing/harness.ts';
import { filterProgram } from '../../packages/codegen/src/testing/programs.ts';
import { compiled } from '../support/kernel/compiled.ts';
import { guidedPackets } from '../support/packets.ts';
import { random, seed } from '../support/random.ts';
import { randomPacket, randomProgramOf } from '../support/random-program.ts';
import { sizes } from '../support/sizes.ts';
import { skbHarness } from '../support/skb-harness.ts';

/**
 * Programs that are cut into parts (packages/codegen/src/emit/parts): small ones of every shape, cut
 * as small as can be, and filters that are large indeed. The kernel takes them, and they decide as
 * run() does.
 */
const skip = skips('large filters in the kernel', noKernel());
const RUNS = Number(process.env.HOOKDUMP_FUZZ_RUNS ?? sizes.randomPrograms / 2);
const timeout = 600_000;

const known = {
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

/** Programs that return the filter's verdict of what BPF_PROG_TEST_RUN gives them. */
const harnesses: Readonly<Record<string, (program: Program, cut?: Cut) => string>> = {
  xdp: (program, cut) => contextHarness(program, 'xdp', 'xdp_md', cut),
  tc: (program, cut) => contextHarness(program, 'tc', '__sk_buff', cut),
  'an sk_buff': (program, cut) => skbHarness(program, 0, known, { parts: partsFor('skb', cut) }),
};

/** How small programs are cut. */
interface Cut {
  readonly size: number;
  readonly mostLive: number;
}

const partsFor = (strategy: string, cut?: Cut) => ({
  header: `include/parts_${strategy}.h`,
  ...cut,
});

const contextHarness = (
  program: Program,
  strategy: string,
  context: string,
  cut: Cut | undefined,
): string =>
  inlineHeaders(`#include "include/packet_${strategy}.h"
${Object.entries(known)
  .map(([field, value]) => ancillary(field.replaceAll('-', '_'), value))
  .join('\n')}
${emitC(program, { name: 'filter', parts: partsFor(strategy, cut) })}
char LICENSE[] SEC("license") = "GPL";

SEC("${strategy}")
int verdict(struct ${context} *context)
{
	struct packet packet = {
		.start = (const void *)(__u64)context->data,
		.end = (const void *)(__u64)context->data_end,
		.context = context,
	};

	return filter(&packet);
}
`);

const ancillary = (field: string, value: number): string => `
const volatile __u32 known_${field} = ${value};

static __always_inline __u32 ancillary_${field}(struct packet *packet)
{
	(void)packet;
	return known_${field};
}`;

/** The fewest bytes that BPF_PROG_TEST_RUN takes: at tc with whatever header they say that they have. */
const shortest = (strategy: string): number => (strategy === 'tc' ? 14 + 40 : 14);

async function decidesAsRun(
  program: Program,
  strategy: string,
  source: string,
  frames: readonly Uint8Array[],
): Promise<void> {
  const bytes = await compiled(findClang(), source, { timeout });
  const object = BpfObject.open(bytes, { name: 'parts' });
  try {
    object.load();
    for (const frame of frames.filter(({ length }) => length >= shortest(strategy))) {
      const packet = Buffer.from(frame).toString('hex');
      const verdict = object.program('verdict').testRun(frame).retval;
      const wanted = run(program, frame, frame.length, known);
      expect({ packet, verdict }).toEqual({ packet, verdict: wanted });
    }
  } finally {
    object.close();
  }
}

/** As people and programs write them, of a length that one function cannot have. */
const large: Readonly<Record<string, string>> = {
  'numbers at a distance from the end': many(
    300,
    ' or ',
    (n) => `ether[len - ${n + 1}] = ${n % 256}`,
  ),
  'numbers that none may be': many(250, ' and ', (n) => `ether[ether[${n}]:2] != ${n}`),
  'sums of bytes': many(200, ' or ', (n) => `ip[len - ${n + 1}] + ip[${n % 40}] * ${n % 7} = ${n}`),
  'data of TCP': many(400, ' or ', (n) => `tcp[(tcp[12] >> 2) + ${n % 100}:4] = ${n}`),
  'data beside the bytes': many(
    250,
    ' or ',
    (n) => `(len > ${n} and ether[len - ${n + 2}:2] = ${n})`,
  ),
};

function many(count: number, joined: string, test: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => test(index)).join(joined);
}

const packets = fc.array(randomPacket, { minLength: 20, maxLength: 20 });

describe.skipIf(skip).each(Object.keys(harnesses))('at %s', (strategy) => {
  const harness = harnesses[strategy]!;

  test.each([
    [1, 8, 4, 16],
    [1, 8, 4, 0],
    [20, 60, 30, 16],
    [20, 60, 30, 2],
  ])(
    'programs of %i to %i blocks in parts of %i, of %i values at a time, decide as run() does',
    async (least, most, size, mostLive) => {
      const cut = { size, mostLive };
      await fc.assert(
        fc.asyncProperty(randomProgramOf(least, most), packets, async (program, frames) => {
          await decidesAsRun(program, strategy, harness(program, cut), frames);
        }),
        { numRuns: RUNS, seed, endOnFailure: true },
      );
    },
    timeout,
  );

  test.each(Object.entries(large))(
    '%s decide as run() does',
    async (_, filter) => {
      const program = filterProgram(filter);
      const source = harness(program);
      expect(source).toContain('_part2(');
      const frames = guidedPackets(program, random(seed), 40).map(({ data }) => data);
      await decidesAsRun(program, strategy, source, frames);
    },
    timeout,
  );
});

/** Every kind of program, as hookdump loads it. */
const hooks = [
  'xdp',
  'tc',
  'tp_btf:netif_receive_skb',
  'raw_tp:netif_receive_skb',
  'kprobe:netif_rx',
  'uprobe:/bin/true/main',
];

test.skipIf(skip).each(hooks)(
  'the kernel takes a large filter at %s',
  { timeout },
  async (spec) => {
    const hook = parseHook(spec);
    if (!hook.ok) throw new Error(hook.message);
    const filter = large['numbers at a distance from the end']!;
    const { kind } = hook.hook;
    const links = kind.mixesLinkTypes ? kind.linkTypes : kind.linkTypes.slice(0, 1);
    const built = await buildObject({
      filter,
      hooks: [hook.hook],
      programs: Object.fromEntries(links.map((link) => [link, filterProgram(filter, link)])),
    });
    const object = BpfObject.open(built.bytes, { name: 'parts' });
    try {
      object.load();
      // Beyond that, work was multiplied and not added up.
      const { verifiedInstructions } = object.program(object.programs[0]!).info();
      expect(verifiedInstructions).toBeLessThan(20_000);
    } finally {
      object.close();
    }
  },
);
