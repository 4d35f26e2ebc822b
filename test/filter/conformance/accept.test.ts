import {
  compile,
  fromClassic,
  type Instruction,
  type Program,
  run,
  toClassic,
  verify,
} from '@hookdump/filter';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { resolveNames } from '../../support/names.ts';
import { guidedPackets } from '../../support/packets.ts';
import { random, seed } from '../../support/random.ts';
import { describeDifference, openSemdiff, type Pair } from '../../support/semdiff.ts';
import { conformanceMissing } from '../../support/shared.ts';
import { reasonToDiffer } from '../differences.ts';
import { type AcceptCase, instructions, optionsOf, readCases } from './cases.ts';
import { Failures } from './failures.ts';
import { describeLengths, type Length } from './lengths.ts';

/**
 * Every expression that libpcap's tests accept compiles, and says of every packet what libpcap's
 * unoptimized program says: as lowered and as optimized.
 */
interface Compiled {
  readonly case: AcceptCase;
  readonly expression: string;
  readonly what: 'lowered' | 'optimized';
  readonly program: Program;
  readonly classic: readonly Instruction[];
}

const iterations = 2000;
const semdiff = conformanceMissing === undefined ? openSemdiff() : { missing: conformanceMissing };
const missing = 'missing' in semdiff ? semdiff.missing : undefined;

describe('what libpcap accepts', () => {
  beforeEach(({ skip }) => skip(missing !== undefined, missing));
  if ('missing' in semdiff) return test('compiles and means the same', () => {});
  afterAll(() => semdiff.close());

  const { accept } = readCases();
  const refused = new Failures();
  const compiled = accept.flatMap((each) =>
    each.expressions.flatMap((expression) => compileBoth(each, expression, refused)),
  );
  const expressions = accept.flatMap((each) => each.expressions).length;

  test('compiles', () => {
    console.log(
      `accept: ${2 * expressions - refused.count} of ${2 * expressions} compile as they should: ` +
        `${expressions} expressions, not optimized and optimized`,
    );
    expect(refused.describe(), 'refused').toBe('');
  });

  test('means the same', () => {
    const wrong = new Failures();
    const compared = distinct(compiled.filter((each) => each.case.linux !== true));
    const found = semdiff.compare(compared.map(pair), iterations);
    const purposes = new Map<string, number>();
    for (const [index, difference] of found.entries()) {
      if (difference === undefined) continue;
      const { what, expression, case: of } = compared[index]!;
      const reason = reasonToDiffer('verdict', { linkType: of.linkType, expression });
      if (reason !== undefined) {
        purposes.set(reason, (purposes.get(reason) ?? 0) + 1);
        continue;
      }
      const kind = difference.truncatedOnly ? 'truncated packets only' : 'whole packets';
      const where = `${of.name} (${of.linkType}, ${what}): ${expression}`;
      wrong.add(`differ on ${kind}`, `${where}\n        ${describeDifference(difference)}`);
    }
    for (const each of compiled) {
      const complaints = verify(each.program);
      if (complaints.length > 0) wrong.add('not well formed', `${each.expression}: ${complaints}`);
    }
    console.log(
      `accept: ${compared.length} distinct programs compared, ${compared.length - wrong.count} alike`,
    );
    for (const [reason, count] of purposes) console.log(`accept: ${count} differ: ${reason}`);
    expect(wrong.describe(12), 'different').toBe('');
  });

  test('means the same on live Linux, whatever the tag, direction and interface', () => {
    const wrong = new Failures();
    const live = compiled.filter((each) => each.case.linux === true);
    const r = random(seed);
    let verdicts = 0;
    let matches = 0;
    for (const each of live) {
      const theirs = fromClassic(instructions(each.case.program), each.case);
      const packets = [...guidedPackets(theirs, r, 600), ...guidedPackets(each.program, r, 600)];
      for (const { data, wireLength, ancillary } of packets) {
        const expected = run(theirs, data, wireLength, ancillary);
        const got = run(each.program, data, wireLength, ancillary);
        verdicts++;
        if (expected !== 0) matches++;
        if (expected === got) continue;
        const packet = `${Buffer.from(data).toString('hex')} ${JSON.stringify(ancillary)}`;
        wrong.add(
          `${each.case.name}, ${each.what}: ${each.expression}`,
          `libpcap ${expected}, ours ${got}: ${packet}`,
        );
      }
    }
    console.log(
      `accept, live Linux: ${live.length} programs, ${verdicts} verdicts, ${matches} match`,
    );
    expect(wrong.describe(2), 'different').toBe('');
    expect(matches).toBeGreaterThan(verdicts / 20);
  });

  test('is short', () => {
    const lengths = accept.flatMap((each): Length[] => {
      const ours = compiled.filter((of) => of.case === each && of.what === 'optimized');
      if (each.optimizedLength === null || ours.length === 0) return [];
      const longest = ours.reduce((a, b) => (b.classic.length > a.classic.length ? b : a));
      return [
        {
          name: each.name,
          linkType: each.linkType,
          expression: longest.expression,
          ours: longest.classic.length,
          libpcap: each.optimizedLength,
        },
      ];
    });
    console.log(describeLengths(lengths));
    const mean = geometricMean(lengths.map(({ ours, libpcap }) => ours / libpcap));
    const long = lengths.filter((each) => {
      if (each.ours / each.libpcap <= 1.1) return false;
      const reason = reasonToDiffer('length', each);
      if (reason !== undefined) console.log(`accept: ${each.name} is longer: ${reason}`);
      return reason === undefined;
    });
    expect(long, 'longer than libpcap by more than a tenth').toEqual([]);
    expect(mean).toBeLessThanOrEqual(0.95);
  });
});

const pair = ({ case: { program }, classic }: Compiled): Pair => ({
  theirs: instructions(program),
  ours: classic,
});

function compileBoth(of: AcceptCase, expression: string, refused: Failures): Compiled[] {
  const options = { ...optionsOf(of), names: resolveNames(expression) };
  return (['lowered', 'optimized'] as const).flatMap((what) => {
    const where = `${of.linkType}, ${what}: ${expression}`;
    const result = compile(expression, { ...options, optimize: what === 'optimized' });
    if (!result.ok) {
      const expected = of.rejectsAll === true && what === 'optimized';
      if (!expected || result.diagnostics[0]?.code !== 'rejects-all') {
        refused.addRefused(result.diagnostics, where);
      }
      return [];
    }
    const { program } = result;
    try {
      return [{ case: of, expression, what, program, classic: toClassic(program) }];
    } catch (error) {
      refused.add((error as Error).message, where);
      return [];
    }
  });
}

/** Many expressions give the same program: each is compared once with what it should be. */
function distinct(compiled: readonly Compiled[]): Compiled[] {
  const seen = new Set<string>();
  return compiled.filter(({ case: { name }, classic }) => {
    const key = `${name}:${JSON.stringify(classic)}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

const geometricMean = (ratios: readonly number[]): number =>
  Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
