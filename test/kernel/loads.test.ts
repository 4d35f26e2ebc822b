import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { conformancePrograms } from '../support/kernel/conformance-programs.ts';
import { contentsFor, Objects } from '../support/kernel/objects.ts';
import { QuietLab } from '../support/kernel/quiet-lab.ts';
import { shareOf, strategies } from '../support/kernel/strategies.ts';
import { load, strategyMissing } from '../support/kernel/subjects.ts';
import { captureMissing } from '../support/lab.ts';
import { conformanceMissing } from '../support/shared.ts';

/**
 * The verifier takes every program of libpcap's tests at every strategy: those of link types that
 * hooks have, and at some also those of all others. In a guest, and where loading takes long, a share
 * of them, unless HOOKDUMP_KERNEL_ALL is set.
 */
const inGuest = process.env.HOOKDUMP_GUEST !== undefined;
/** In a guest, what the machine itself has built; and some, should it have built none. */
const budget = inGuest ? 10 : Number.POSITIVE_INFINITY;
/** Where fewer of the filters than one of so many are tried (`oneOf`), objects take long to load. */
const fast = 8;
const everything = process.env.HOOKDUMP_KERNEL_ALL !== undefined;
const mostShown = 5;
/** Milliseconds, on a machine that does much else. */
const timeout = 600_000;

const missing = captureMissing() ?? conformanceMissing;
describe('programs of libpcap’s tests load', () => {
  let lab: QuietLab;
  beforeEach(({ skip }) => skip(missing !== undefined, missing));
  beforeAll(async () => {
    if (missing === undefined) lab = await QuietLab.open('loads');
  });
  afterAll(() => lab?.close());
  const programs =
    missing === undefined
      ? { own: conformancePrograms(true), others: conformancePrograms(false) }
      : { own: [], others: [] };

  for (const strategy of strategies) {
    test(strategy.name, { timeout }, async ({ skip }) => {
      const absent = await strategyMissing(strategy, lab);
      if (absent !== undefined) console.log(`skipped: ${strategy.name}: ${absent}`);
      skip(absent !== undefined, absent);
      const objects = new Objects(budget);
      const refused: string[] = [];
      const others = strategy.loadsOthers === true || everything ? programs.others : [];
      const all = [programs.own, others].flatMap((some) => contentsFor(strategy, some));
      const wanted = inGuest || strategy.oneOf > fast ? shareOf(strategy, all) : all;
      let loaded = 0;
      for await (const { what, bytes } of objects.all(strategy, wanted)) {
        if (bytes === undefined) continue;
        try {
          load(strategy, what, bytes, [lab.inode]).close();
          loaded++;
        } catch (error) {
          refused.push((error as Error).message);
        }
      }
      console.log(
        `${strategy.name}: ${loaded} of ${wanted.length} objects load, ` +
          `${refused.length} refused, ${objects.absent} not tried: not built on this machine before`,
      );
      expect(refused.slice(0, mostShown)).toEqual([]);
      expect(loaded).toBeGreaterThan(0);
    });
  }
});
