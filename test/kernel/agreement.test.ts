import { buildObject, type LinkType, parseHook } from '@hookdump/codegen';
import { compile, run } from '@hookdump/filter';
import { BpfObject } from '@hookdump/loader';
import { beforeEach, describe, expect, test } from 'vitest';
import { corpus } from '../support/expressions.ts';
import { captureMissing } from '../support/lab.ts';
import { guidedPackets } from '../support/packets.ts';
import { random, seed } from '../support/random.ts';

/**
 * The fifth verdict on the filters and packets of test/filter/agreement.test.ts: the XDP object in
 * the kernel, by BPF_PROG_TEST_RUN. It passes every packet; whether its filter matched shows in the
 * counter.
 */
const filters = corpus();
const packetsEach = 36;
/** The kernel runs XDP programs on whole Ethernet headers only. */
const shortest = 14;

const missing = captureMissing();
describe(`${filters.length} random filters in XDP, seed ${seed}`, () => {
  beforeEach(({ skip }) => skip(missing !== undefined, missing));
  for (const linkType of ['EN10MB', 'RAW'] as const) {
    test(linkType, async () => {
      const r = random(seed);
      const different: unknown[] = [];
      let verdicts = 0;
      let matches = 0;
      // Two are built ahead, on two processors, while the kernel looks at one.
      const objects = filters.map(() => undefined as Promise<Uint8Array | undefined> | undefined);
      for (const [i, text] of filters.entries()) {
        for (const ahead of [i, i + 1, i + 2]) objects[ahead] ??= build(filters[ahead], linkType);
        const bytes = await objects[i];
        const lowered = compile(text, { linkType, optimize: false });
        if (bytes === undefined || !lowered.ok) continue;
        using filter = load(text, bytes, linkType);
        for (const { data } of guidedPackets(lowered.program, r, packetsEach)) {
          if (data.length < shortest) continue;
          const wanted = run(lowered.program, data) !== 0;
          const matched = filter.matches(data);
          verdicts++;
          if (matched) matches++;
          if (matched !== wanted) {
            different.push({ text, wanted, packet: Buffer.from(data).toString('hex') });
          }
        }
      }
      console.log(`XDP, ${linkType}: ${verdicts} verdicts, ${matches} matches`);
      expect(different.slice(0, 5)).toEqual([]);
      expect(matches).toBeGreaterThan(verdicts / 20);
    });
  }
});

const matchedOffset = 8;

/** The object of a filter; nothing for one that does not compile. */
async function build(
  text: string | undefined,
  linkType: LinkType,
): Promise<Uint8Array | undefined> {
  const hook = parseHook('xdp');
  const compiled = text === undefined ? undefined : compile(text, { linkType });
  if (text === undefined || !compiled?.ok || !hook.ok) return undefined;
  const programs = { [linkType]: compiled.program };
  return (await buildObject({ filter: text, hooks: [hook.hook], programs })).bytes;
}

/** A filter in the kernel. */
function load(text: string, bytes: Uint8Array, linkType: LinkType) {
  const object = BpfObject.open(bytes);
  // `attached.device_type`: what the frames begin with.
  if (linkType === 'RAW') object.setGlobal('attached', attachedToRaw());
  try {
    object.load();
  } catch (error) {
    throw new Error(`${text}: ${(error as Error).message}`);
  }
  const program = object.program('hookdump_xdp');
  const stats = object.map('stats');
  const key = new Uint8Array(4);
  const matched = (): number =>
    stats.lookupPerCpu(key).reduce((sum, bytes) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      return sum + Number(view.getBigUint64(matchedOffset, true));
    }, 0);
  let before = matched();
  return {
    matches(packet: Uint8Array): boolean {
      program.testRun(packet);
      const after = matched();
      const grew = after - before;
      before = after;
      return grew === 1;
    },
    [Symbol.dispose]: () => object.close(),
  };
}

/** `struct attached` with ARPHRD_NONE: a device without a link-layer header. */
function attachedToRaw(): Uint8Array {
  const bytes = new Uint8Array(28);
  new DataView(bytes.buffer).setUint32(24, 0xfffe, true);
  return bytes;
}
