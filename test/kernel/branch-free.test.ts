import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { corpus } from '../support/expressions.ts';
import { randomFilterOn } from '../support/filters/index.ts';
import { agree, describeTally } from '../support/kernel/agree.ts';
import { kept } from '../support/kernel/kept.ts';
import { QuietLab } from '../support/kernel/quiet-lab.ts';
import { strategies } from '../support/kernel/strategies.ts';
import { programsOf, strategyMissing } from '../support/kernel/subjects.ts';
import { captureMissing } from '../support/lab.ts';
import { random, seed } from '../support/random.ts';
import { sizes } from '../support/sizes.ts';

/**
 * The branch-free form of filters, as agreement.test.ts has the usual one: objects in the kernel,
 * at each kind of access that reads packets in its own way, decide as `run()` does.
 */
const names = ['xdp, EN10MB', 'xdp, RAW', 'tc, test runs', 'tp_btf'];

/** Of the corpus one filter of so many is tried at one strategy. */
const SHARE = 16;

/** Filters that are of use: what a person writes, and for which the form was made. */
const written: readonly string[] = [
  'tcp port 80',
  'not (tcp port 22 or udp port 53)',
  'portrange 1000-2000 or host 10.0.0.1',
  'tcp[tcpflags] & (tcp-syn|tcp-fin) != 0',
  'tcp port 80 and (((ip[2:2] - ((ip[0] & 0xf) << 2)) - ((tcp[12] & 0xf0) >> 2)) != 0)',
  'ip6 host 2001:db8::1 or net 192.168.0.0/16',
  'udp[8:2] > 3 or icmp[icmptype] != icmp-echo',
  'vlan 100 and not tcp port 443',
  'ip[ip[0] & 0x3c:1] = 4 or tcp[20:4] = 0x47455420',
  'tcp dst port 80 or 81 or 443 or 8080 or 8443 or 3128 or 22',
];

const missing = captureMissing();
describe(`filters without branches in the kernel, seed ${seed}`, () => {
  let lab: QuietLab;
  beforeEach(({ skip }) => skip(missing !== undefined, missing));
  beforeAll(async () => {
    if (missing === undefined) lab = await QuietLab.open('flat');
  });
  afterAll(() => lab?.close());

  for (const name of names) {
    test(name, { timeout: 600_000 }, async ({ skip }) => {
      const strategy = strategies.find((each) => each.name === name)!;
      const absent = await strategyMissing(strategy, lab);
      skip(absent !== undefined, absent);
      const r = random(seed);
      const some = corpus().filter((_, at) => at % SHARE === names.indexOf(name));
      const link = strategy.links[0]!;
      const randoms = Array.from({ length: sizes.randomFilters / (2 * names.length) }, () =>
        randomFilterOn(r, link),
      );
      const filters = [...written, ...kept, ...some, ...randoms].filter(
        (text) => programsOf(text, strategy.links, true) !== undefined,
      );
      const tally = await agree(strategy, filters, lab, r, { branchFree: true });
      console.log(describeTally(`${name}, branch-free, seed ${seed}`, tally));
      expect(tally.different).toEqual([]);
      expect(tally.matches).toBeGreaterThan(tally.verdicts / 50);
    });
  }
});
