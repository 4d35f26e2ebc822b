import { compile, printAssembly, toClassic } from '@hookdump/filter';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { corpus, expression } from '../support/expressions.ts';
import { type Filter, randomFilter } from '../support/filters/index.ts';
import { openOracle, programText } from '../support/oracle.ts';
import { random, seed } from '../support/random.ts';
import { describeWrong, judge } from './beside-libpcap.ts';
import { kept } from './kept.ts';

/**
 * Filters against the installed libpcap: those that were wrong once, those of the corpus, which the
 * kernel tests run as XDP objects, and random ones of the whole language. More of them:
 *
 *     HOOKDUMP_RANDOM=20000 HOOKDUMP_SEED=7 node_modules/.bin/vitest run --project filter agreement
 */
const count = Number(process.env.HOOKDUMP_RANDOM ?? 400);
/** No more than these are shrunk and shown. */
const mostShown = Number(process.env.HOOKDUMP_SHOWN ?? 5);
const batch = 250;

const oracle = openOracle();

describe(`filters beside libpcap, seed ${seed}`, () => {
  const missing = 'missing' in oracle ? oracle.missing : undefined;
  beforeEach(({ skip }) => skip(missing !== undefined, missing));
  if ('missing' in oracle) return test('say what libpcap says', () => {});
  afterAll(() => oracle.close());

  const r = random(seed);
  test.each([
    ['kept', kept],
    ['corpus', corpus().flatMap(onBoth)],
    ['random', Array.from({ length: count }, () => randomFilter(r))],
  ])('%s', { timeout: 120_000 + count * 100 }, (what, filters: readonly Filter[]) => {
    const totals = { accepted: 0, refused: 0, verdicts: 0, matches: 0 };
    const explained = new Map<string, number>();
    const wrong: string[] = [];
    for (let from = 0; from < filters.length && wrong.length < mostShown; from += batch) {
      for (const outcome of judge(oracle, filters.slice(from, from + batch), seed + from)) {
        totals[outcome.accepted ? 'accepted' : 'refused']++;
        totals.verdicts += outcome.verdicts;
        totals.matches += outcome.matches;
        for (const reason of new Set(outcome.reasons)) {
          explained.set(reason, (explained.get(reason) ?? 0) + 1);
        }
        if (outcome.complaint !== undefined && wrong.length < mostShown) {
          wrong.push(describeWrong(oracle, outcome, seed));
        }
      }
    }
    console.log(
      [
        `${what}, seed ${seed}: ${totals.accepted + totals.refused} filters, ${totals.accepted} accepted by ` +
          `both, ${totals.verdicts} packets, ${totals.matches} of them matched, ${wrong.length} unexplained`,
        ...[...explained].map(([reason, filters]) => `  ${filters} filters differ: ${reason}`),
      ].join('\n'),
    );
    expect(wrong.join('\n'), 'unexplained').toBe('');
    expect(totals.matches).toBeGreaterThan(totals.verdicts / 20);
  });

  test('instructions are printed as libpcap prints them', () => {
    const programs = Array.from({ length: 300 }, () =>
      compile(expression(r), { linkType: 'EN10MB' }),
    )
      .filter((compiled) => compiled.ok)
      .map(({ program }) => toClassic(program));
    const images = oracle.ask(programs.map((program) => `image ${programText(program)}`));
    programs.forEach((program, index) => {
      expect(printAssembly(program)).toBe(images[index]!.replaceAll('|', '\n'));
    });
  });
});

const onBoth = (text: string): Filter[] =>
  ['EN10MB', 'RAW'].map((linkType) => ({ linkType, text }));
