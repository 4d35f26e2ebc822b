import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { corpus } from '../support/expressions.ts';
import { randomFilterOn } from '../support/filters/index.ts';
import { agree, describeTally, onlyBuild, type Tally } from '../support/kernel/agree.ts';
import { kinds } from '../support/kernel/frames.ts';
import { kept } from '../support/kernel/kept.ts';
import { QuietLab } from '../support/kernel/quiet-lab.ts';
import { type Strategy, shareOf, strategies } from '../support/kernel/strategies.ts';
import { programsOf, strategyMissing } from '../support/kernel/subjects.ts';
import { captureMissing } from '../support/lab.ts';
import { random, seed } from '../support/random.ts';
import { sizes } from '../support/sizes.ts';

/**
 * The fifth verdict on the filters of test/filter/agreement.test.ts, and on random ones of the whole
 * language: that of their objects in the kernel, for every strategy and kind of packet, which must be
 * that of `run()`. More of them, each at one of the strategies that this kernel has:
 *
 *     HOOKDUMP_KERNEL_RANDOM=5000 HOOKDUMP_SEED=7 node_modules/.bin/vitest run --project kernel agreement
 *
 * and HOOKDUMP_KERNEL_ALL=1 takes the whole corpus to every strategy.
 */
const chosen = process.env.HOOKDUMP_KERNEL_RANDOM;
const randomCount = Number(chosen ?? sizes.randomFilters);

/** So many verdicts may be of filters that match nothing. */
const few = 1500;

const filters = corpus();

/** Random filters for strategies in turn, of link types that they have; none that is refused. */
function dealt(among: readonly Strategy[]): ReadonlyMap<Strategy, readonly string[]> {
  const r = random(seed);
  const shares = new Map(among.map((strategy) => [strategy, [] as string[]]));
  for (let at = 0; at < randomCount; at++) {
    const strategy = among[at % among.length]!;
    const [first, second] = strategy.links;
    const link = (Math.floor(at / among.length) % 4 === 3 ? second : first) ?? first!;
    let filter = randomFilterOn(r, link);
    while (programsOf(filter, [link], true) === undefined) filter = randomFilterOn(r, link);
    shares.get(strategy)!.push(filter);
  }
  return shares;
}

const missing = captureMissing();
describe(`filters in the kernel, seed ${seed}`, () => {
  let lab: QuietLab;
  /** By name, why a strategy cannot be had here. */
  const absences = new Map<string, string>();
  let shares: ReadonlyMap<Strategy, readonly string[]>;
  beforeEach(({ skip }) => skip(missing !== undefined, missing));
  beforeAll(async () => {
    if (missing !== undefined) return;
    lab = await QuietLab.open('agree');
    for (const strategy of strategies) {
      const absent = await strategyMissing(strategy, lab);
      if (absent !== undefined) absences.set(strategy.name, absent);
    }
    // A guest, which may have more, finds the objects of its share.
    const all = chosen === undefined;
    shares = dealt(all ? strategies : strategies.filter(({ name }) => !absences.has(name)));
  });
  afterAll(() => lab?.close());

  for (const [index, strategy] of strategies.entries()) {
    // Of thousands on a busy machine; a run of some minutes otherwise.
    const timeout = 600_000 + (randomCount / strategies.length) * 6000;
    test(strategy.name, { timeout }, async ({ skip }) => {
      const keptHere = kept.filter((_, at) => (at + index) % sizes.oneKeptOf === 0);
      const ours = [...keptHere, ...shareOf(strategy, filters)];
      const share = shares.get(strategy) ?? [];
      const absent = absences.get(strategy.name);
      if (absent !== undefined && chosen === undefined) {
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
