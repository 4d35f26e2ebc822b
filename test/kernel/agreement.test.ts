import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { corpus } from '../support/expressions.ts';
import { randomFilterOn } from '../support/filters/index.ts';
import { agree, describeTally, onlyBuild, type Tally } from '../support/kernel/agree.ts';
import { kinds } from '../support/kernel/frames.ts';
import { kept } from '../support/kernel/kept.ts';
import { QuietLab } from '../support/kernel/quiet-lab.ts';
import { shareOf, strategies } from '../support/kernel/strategies.ts';
import { strategyMissing } from '../support/kernel/subjects.ts';
import { captureMissing } from '../support/lab.ts';
import { random, seed } from '../support/random.ts';

/**
 * The fifth verdict on the filters of test/filter/agreement.test.ts, and on random ones of the whole
 * language: that of their objects in the kernel, for every strategy and kind of packet, which must be
 * that of `run()`. More of them, at one strategy each:
 *
 *     HOOKDUMP_KERNEL_RANDOM=5000 HOOKDUMP_SEED=7 node_modules/.bin/vitest run --project kernel agreement
 *
 * and HOOKDUMP_KERNEL_ALL=1 takes the whole corpus to every strategy.
 */
const inGuest = process.env.HOOKDUMP_GUEST !== undefined;
const chosen = process.env.HOOKDUMP_KERNEL_RANDOM;
const randomCount = Number(chosen ?? (inGuest ? 16 : 128));

/** So many verdicts may be of filters that match nothing. */
const few = 1500;

const filters = corpus();
const r = random(seed);
const randomFilters = Array.from({ length: randomCount }, (_, index) =>
  randomFilterOn(r, index % 4 === 3 ? 'RAW' : 'EN10MB'),
);

const missing = captureMissing();
describe(`filters in the kernel, seed ${seed}`, () => {
  let lab: QuietLab;
  beforeEach(({ skip }) => skip(missing !== undefined, missing));
  beforeAll(async () => {
    if (missing === undefined) lab = await QuietLab.open('agree');
  });
  afterAll(() => lab?.close());

  for (const [index, strategy] of strategies.entries()) {
    const timeout = 600_000 + (randomCount / strategies.length) * 1000;
    test(strategy.name, { timeout }, async ({ skip }) => {
      const ours = [...kept, ...shareOf(strategy, filters)];
      const share = randomFilters.filter((_, at) => at % strategies.length === index);
      const absent = await strategyMissing(strategy, lab);
      if (absent !== undefined) {
        const built = await onlyBuild(strategy, [...ours, ...share]);
        console.log(`skipped: ${strategy.name}, ${built} objects only built: ${absent}`);
      }
      skip(absent !== undefined, absent);
      if (chosen === undefined) check('corpus', await agree(strategy, ours, lab, random(seed)));
      const cache = chosen === undefined;
      check('random', await agree(strategy, share, lab, random(seed + 1), { cache }));

      function check(what: string, tally: Tally): void {
        console.log(describeTally(`${strategy.name}, ${what}, seed ${seed}`, tally));
        expect(tally.different.length, 'different').toBe(0);
        if (tally.verdicts > few) expect(tally.matches).toBeGreaterThan(tally.verdicts / 50);
      }
    });
  }

  test('no kind of frame is like another', () => {
    expect(new Set(kinds.map(({ name }) => name)).size).toBe(kinds.length);
  });
});
