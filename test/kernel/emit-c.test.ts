import { buildObject, parseHook } from '@hookdump/codegen';
import { run } from '@hookdump/filter';
import { BpfObject } from '@hookdump/loader';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileObject, findClang } from '../../packages/codegen/src/object/clang.ts';
import { noKernel, skips } from '../../packages/codegen/src/testing/harness.ts';
import { randomPacket, randomProgram } from '../support/random-program.ts';
import { skbHarness } from '../support/skb-harness.ts';

const skip = skips('emitted C in the kernel', noKernel());

const RUNS = Number(
  process.env.HOOKDUMP_FUZZ_RUNS ?? (process.env.HOOKDUMP_GUEST === undefined ? 40 : 6),
);
const SETTINGS = { numRuns: RUNS, endOnFailure: true } as const;
const packets = fc.array(randomPacket, { minLength: 20, maxLength: 20 });

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
        cache: false,
      });
      const object = BpfObject.open(built.bytes, { name: 'codegen_fuzz' });
      try {
        object.load();
        const xdp = object.program('hookdump_xdp');
        for (const frame of frames) {
          const before = matched(object);
          xdp.testRun(frame);
          expect(matched(object) - before).toBe(run(program, frame) === 0 ? 0 : 1);
        }
      } finally {
        object.close();
      }
    }),
    SETTINGS,
  );
});

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
        const { object: bytes } = await compileObject(findClang(), skbHarness(program, paged));
        const object = BpfObject.open(bytes, { name: 'codegen_fuzz' });
        try {
          object.load();
          for (const frame of frames) {
            const [verdict, undecided] = [
              object.program('verdict').testRun(frame).retval,
              object.program('undecided').testRun(frame).retval,
            ];
            const linear = frame.subarray(0, frame.length - Math.min(paged, frame.length));
            if (undecided === 0) expect(verdict).toBe(run(program, frame));
            else {
              expect(verdict).toBe(0);
              expect(run(program, linear, frame.length)).toBe(0);
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
