import {
  checkClassic,
  compile,
  fromClassic,
  type Program,
  run,
  toClassic,
  verify,
} from '@hookdump/filter';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { optimize, passes } from '../../packages/filter/dist/4-optimize/index.js';
import { corpus } from '../support/expressions.ts';
import { type Filter, randomFilter } from '../support/filters/index.ts';
import { openOracle, packetText, programText, readJudgement } from '../support/oracle.ts';
import { packetsFor } from '../support/packets.ts';
import { random, seed } from '../support/random.ts';
import { conformanceMissing } from '../support/shared.ts';
import { instructions, readCases } from './conformance/cases.ts';

/**
 * Each pass of the optimizer, before and after, in our interpreter and as classic BPF in libpcap's:
 * on the filters of the corpus, on random ones of the whole language, and on libpcap's unoptimized
 * programs, where they are at hand.
 */
const others = Number(process.env.HOOKDUMP_RANDOM ?? 400);
const rounds = 2;
const packetsEach = 36;
const batch = 200;

const oracle = openOracle();

interface Source {
  readonly name: string;
  readonly program: Program;
  /** It reads what libpcap's interpreter does not know: only ours is asked. */
  readonly live?: boolean;
}

/** A program that a pass made of the one before it. */
interface Stage {
  readonly made: string;
  readonly program: Program;
}

describe(`each pass keeps the meaning, seed ${seed}`, () => {
  const missing = 'missing' in oracle ? oracle.missing : undefined;
  beforeEach(({ skip }) => skip(missing !== undefined, missing));
  if ('missing' in oracle) return test('of random filters', () => {});
  const { ask, close } = oracle;
  afterAll(close);

  const r = random(seed);
  /** How many programs each pass has changed. */
  const changes = new Map<string, number>(all.map(({ name }) => [name, 0]));

  test.each([
    ['the corpus', compiled([...corpus(), ...seldom].flatMap(onBoth))],
    ['random filters', compiled(Array.from({ length: others }, () => randomFilter(r)))],
    ['programs of libpcap', foreign()],
  ])('of %s', { timeout: 60_000 + others * 200 }, (what, sources) => {
    if (what === 'programs of libpcap' && conformanceMissing !== undefined) {
      console.log(`skipped: ${conformanceMissing}`);
      return;
    }
    const wrong: string[] = [];
    let verdicts = 0;
    for (let from = 0; from < sources.length; from += batch) {
      const compared = sources.slice(from, from + batch).map(({ name, program, live }) => {
        const stages = stagesOf(program);
        for (const { made } of stages) changes.set(made, (changes.get(made) ?? 0) + 1);
        const classic = stages.map((each) => toClassic(each.program));
        const steering = [classic[0]!, classic.at(-1)!];
        const packets = packetsFor(steering, program.linkType, r, packetsEach);
        return { name, live, stages, classic, packets };
      });
      const answers = ask(
        compared.map(
          ({ classic, packets }) =>
            `judge ${classic.map(programText).join('|')} ${packets.map(packetText).join(' ')}`,
        ),
      );
      compared.forEach(({ name: where, live, stages, packets }, index) => {
        const judged = readJudgement(answers[index]!);
        for (const [at, { made, program }] of stages.entries()) {
          const complaints = verify(program);
          if (complaints.length > 0) wrong.push(`${made}: ${complaints.join('; ')}; ${where}`);
          const first = packets.findIndex(({ data, wireLength, ancillary }, packet) => {
            const wanted = run(stages[0]!.program, data, wireLength, ancillary);
            if (run(program, data, wireLength, ancillary) !== wanted) return true;
            return live !== true && judged[packet]![at] !== wanted;
          });
          verdicts += packets.length * 2;
          if (first < 0) continue;
          const { data, wireLength } = packets[first]!;
          wrong.push(
            `${made}: run ${run(program, data, wireLength)}, classic BPF ${judged[first]![at]}, ` +
              `before ${run(stages[0]!.program, data, wireLength)}: ${where}; ` +
              packetText(packets[first]!),
          );
          break;
        }
      });
    }
    console.log(`passes, ${what}: ${sources.length} programs, ${verdicts} verdicts`);
    expect(wrong.slice(0, 5).join('\n')).toBe('');
  });

  test('and each changes something', () => {
    const counts = [...changes].map(([name, count]) => `${name} ${count}`).join(', ');
    console.log(`programs that each pass changed: ${counts}`);
    expect(all.filter(({ name }) => changes.get(name) === 0)).toEqual([]);
  });
});

/** The passes one by one, and all of them as `compile` runs them. */
const all = [...passes, { name: 'optimize', run: optimize }];

/** All programs on the way that differ, the given one first. */
function stagesOf(program: Program): Stage[] {
  const stages: Stage[] = [{ made: 'nothing', program }];
  for (let round = 0; round < rounds; round++) {
    for (const pass of passes) {
      const before = stages.at(-1)!.program;
      const after = pass.run(before);
      if (after !== before) stages.push({ made: pass.name, program: after });
    }
  }
  const optimized = optimize(program);
  return optimized === program ? stages : [...stages, { made: 'optimize', program: optimized }];
}

const onBoth = (text: string): Filter[] =>
  ['EN10MB', 'RAW'].map((linkType) => ({ linkType, text }));

function compiled(filters: readonly Filter[]): Source[] {
  return filters.flatMap(({ linkType, text }) => {
    const result = compile(text, { linkType, optimize: false });
    return result.ok ? [{ name: `${linkType}: ${text}`, program: result.program }] : [];
  });
}

/** What some pass has nothing to do without: here words in which nobody looks any more. */
const seldom = ['protochain 6', 'tcp port 80 or protochain 6'];

/** Without those that jump backwards, which no IR program does. */
function foreign(): Source[] {
  if (conformanceMissing !== undefined) return [];
  return readCases().accept.flatMap((each) => {
    const classic = instructions(each.program);
    if (checkClassic(classic).length > 0) return [];
    const { linkType, snapLen } = each;
    const program = fromClassic(classic, { linkType, snapLen });
    return [{ name: each.name, program, live: each.linux === true }];
  });
}
