import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { conformancePrograms } from '../support/kernel/conformance-programs.ts';
import { type Content, contentsFor, Objects } from '../support/kernel/objects.ts';
import { QuietLab } from '../support/kernel/quiet-lab.ts';
import { type Strategy, strategies } from '../support/kernel/strategies.ts';
import { load, strategyMissing } from '../support/kernel/subjects.ts';
import { captureMissing } from '../support/lab.ts';
import { seed } from '../support/random.ts';
import { conformanceMissing } from '../support/shared.ts';
import { everyOne, guest, sizes } from '../support/sizes.ts';

/**
 * The verifier takes every program of libpcap's tests at every strategy: those of link types that
 * hooks have, and at some also those of all others. Where loading takes long, and in a guest, it is a
 * share of them that the seed chooses, unless all of them at every strategy are asked for:
 *
 *     HOOKDUMP_KERNEL_ALL=1 node_modules/.bin/vitest run --project kernel loads
 */
const everything = process.env.HOOKDUMP_KERNEL_ALL !== undefined;
/** Where fewer of the filters than one of so many are tried (`oneOf`), objects take long to load. */
const fast = 8;
/** Of fewer no share is taken. */
const fewest = 5;
const mostShown = 5;
/** Milliseconds, on a machine that does much else. */
const timeout = everything ? 7_200_000 : 600_000;

const missing = captureMissing() ?? conformanceMissing;
describe(`programs of libpcap’s tests load, seed ${seed}`, () => {
  let lab: QuietLab;
  beforeEach(({ skip }) => skip(missing !== undefined, missing));
  beforeAll(async () => {
    if (missing === undefined) lab = await QuietLab.open('loads');
  });
  afterAll(() => lab?.close());
  const [own, others] = [true, false].map((ofHooks) =>
    missing === undefined ? conformancePrograms(ofHooks, everything || guest === undefined) : [],
  ) as [ReturnType<typeof conformancePrograms>, ReturnType<typeof conformancePrograms>];

  for (const strategy of strategies) {
    test(strategy.name, { timeout }, async ({ skip }) => {
      const withOthers = strategy.loadsOthers === true || everything;
      const all = [own, withOthers ? others : []].flatMap((some) => contentsFor(strategy, some));
      const wanted = everything ? all : chosen(strategy, all);
      const objects = new Objects(everything ? Number.POSITIVE_INFINITY : sizes.programsBuilt);
      const absent = await strategyMissing(strategy, lab);
      if (absent !== undefined) {
        // A guest, which may have the strategy, finds them in the cache.
        for await (const _ of objects.all(strategy, wanted));
        console.log(`skipped: ${strategy.name}, ${wanted.length} objects only built: ${absent}`);
      }
      skip(absent !== undefined, absent);
      const refused: string[] = [];
      let loaded = 0;
      for await (const { what, bytes } of objects.all(strategy, wanted)) {
        if (bytes === undefined) continue;
        try {
          (await load(strategy, what, bytes, [lab.inode])).close();
          loaded++;
        } catch (error) {
          refused.push((error as Error).message);
        }
      }
      console.log(
        `${strategy.name}: ${loaded} of ${wanted.length} objects load (${all.length} there are), ` +
          `${refused.length} refused, ${objects.absent} not tried: not built on this machine before`,
      );
      expect(refused.slice(0, mostShown)).toEqual([]);
      expect(loaded).toBeGreaterThan(0);
    });
  }
});

/** Those to load: of the same seed, the ones in a guest are among the machine's. */
function chosen({ oneOf }: Strategy, all: readonly Content[]): readonly Content[] {
  const share = everyOne(oneOf > fast || guest !== undefined ? oneOf : 1, all, seed);
  return everyOne(Math.min(sizes.oneProgramOf, Math.ceil(share.length / fewest)), share, seed);
}
