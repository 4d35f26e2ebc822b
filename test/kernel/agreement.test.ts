import { buildObject, type LinkType, parseHook } from '@hookdump/codegen';
import { compile, run } from '@hookdump/filter';
import { BpfObject } from '@hookdump/loader';
import { beforeEach, describe, expect, test } from 'vitest';
import { expression } from '../support/expressions.ts';
import { captureMissing } from '../support/lab.ts';
import { guidedPackets } from '../support/packets.ts';
import { random, seed } from '../support/random.ts';

/**
 * The fifth verdict on the filters and packets of test/filter/agreement.test.ts: the XDP object in
 * the kernel, by BPF_PROG_TEST_RUN. It passes every packet; whether its filter matched shows in the
 * counter.
 */
const count = Number(
  process.env.HOOKDUMP_FILTERS ?? (process.env.HOOKDUMP_GUEST === undefined ? 350 : 60),
);
const packetsEach = 36;
/** The kernel runs XDP programs on whole Ethernet headers only. */
const shortest = 14;

const missing = captureMissing();
describe(`${count} random filters in XDP, seed ${seed}`, () => {
  beforeEach(({ skip }) => skip(missing !== undefined, missing));
  for (const linkType of ['EN10MB', 'RAW'] as const) {
    test(linkType, async () => {
      const r = random(seed);
      const different: unknown[] = [];
      let verdicts = 0;
      let matches = 0;
      for (let i = 0; i < count; i++) {
        const text = expression(r);
        const compiled = compile(text, { linkType, optimize: false });
        const optimized = compile(text, { linkType });
        if (!compiled.ok || !optimized.ok) continue;
        using filter = await load(text, linkType);
        for (const { data } of guidedPackets(compiled.program, r, packetsEach)) {
          if (data.length < shortest) continue;
          const wanted = run(compiled.program, data) !== 0;
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

/** A filter in the kernel. */
async function load(text: string, linkType: LinkType) {
  const hook = parseHook('xdp');
  if (!hook.ok) throw new Error(hook.message);
  const compiled = compile(text, { linkType });
  if (!compiled.ok) throw new Error(text);
  const { bytes } = await buildObject({
    filter: text,
    hooks: [hook.hook],
    programs: { [linkType]: compiled.program },
  });
  const object = BpfObject.open(bytes);
  // `attached.device_type`: what the frames begin with.
  if (linkType === 'RAW') object.setGlobal('attached', attachedToRaw());
  object.load();
  const program = object.program(hook.hook.program);
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
