// Times filters: sixteen evaluations in each program run, so that a nanosecond shows beside the test
// run's own some 30.
import { join } from 'node:path';
import { renderSource } from '../../packages/codegen/dist/index.js';
import { run } from '../../packages/filter/dist/index.js';
import { BpfObject } from '../../packages/loader/dist/index.js';
import { compiler, templateOnly } from './clang.mjs';
import { interleave, median, skipped, unavailable } from './lib.mjs';
import { amplifiedPrograms, EVALUATIONS, mixedBuffer, mixedMatches } from './programs.mjs';
import { programOf } from './snippets.mjs';

/** What a filter is timed on: a frame that matches, one that does not, and a mix. */
export const KINDS = ['match', 'no match', 'mixed'];

/**
 * Each program is built several times, with so many instructions in front of its loops, and the builds
 * take turns: of a nanosecond, a third can be where in cache lines the code happens to lie.
 */
const PADDINGS = [0, 3, 6, 9];

/** Differences below this are where the code happens to lie; ratios are taken of no less. */
const LEAST = 0.1;

/** The ratio of two figures in nanoseconds. */
export const ratio = (time, other) => Math.max(time, LEAST) / Math.max(other, LEAST);

/** Builds, checks and times amplified programs. */
export class Amplifier {
  #build;
  #rounds;
  #paddings;
  #floor;
  #repeat;

  /**
   * @param options `floor`: the snippet that does all but filter; `rounds`; `builds`: of each program,
   *   at most four; `repeat`: runs in a measurement, the same for each, since a measurement has a
   *   cost of its own; `scratch`: a folder
   */
  constructor({ floor, rounds, builds = PADDINGS.length, repeat, scratch }) {
    const sample = renderSource(templateOnly(['xdp']));
    this.#build = compiler(join(scratch, 'amplified'), sample).build;
    this.#rounds = rounds;
    this.#paddings = PADDINGS.slice(0, builds);
    this.#floor = floor;
    this.#repeat = repeat;
  }

  /**
   * @param snippets by what a line calls them
   * @returns for each of those that can be loaded, by that name: `match`, `no match`, `mixed`, the
   *   medians of what an evaluation takes beyond the floor, in nanoseconds; `verified`: instructions
   *   that the verifier walked through for one evaluation
   */
  async measure(filter, snippets) {
    const loaded = [];
    try {
      for (const [name, snippet] of Object.entries(snippets)) {
        const each = this.#loadSomehow(snippet, (why) => skipped(`${filter.id}, ${name}`, why));
        if (each === undefined) continue;
        loaded.push({ name, ...each });
        check(filter, loaded.at(-1));
      }
      for (const called of new Set(loaded.map((each) => each.called))) {
        loaded.push({ name: floorName(called), ...this.#load(this.#floor, called) });
      }
      return await this.#time(filter, loaded);
    } finally {
      for (const { objects } of loaded) for (const object of objects) object.close();
    }
  }

  /** Called where the verifier refuses it otherwise. */
  #loadSomehow(snippet, refused) {
    let why;
    for (const called of [false, true]) {
      try {
        return this.#load(snippet, called);
      } catch (error) {
        why = whyNot(error);
      }
    }
    refused(why);
    return undefined;
  }

  /** All builds of it, as they are measured in turns. */
  #load(snippet, called) {
    const objects = [];
    try {
      for (const padding of this.#paddings) {
        const built = this.#build(amplifiedPrograms(snippet, { called, padding }));
        objects.push(BpfObject.open(built, { name: 'bench' }));
        objects.at(-1).load();
      }
    } catch (error) {
      for (const object of objects) object.close();
      throw error;
    }
    const programs = (name) => objects.map((object) => object.program(name));
    return { called, objects, fixed: programs('fixed'), mixed: programs('mixed') };
  }

  async #time(filter, loaded) {
    const frames = {
      match: filter.matching,
      'no match': filter.missing,
      mixed: mixedBuffer(filter.mixed),
    };
    const cases = {};
    for (const { name, fixed, mixed } of loaded) {
      for (const kind of KINDS) {
        const programs = kind === 'mixed' ? mixed : fixed;
        let round = 0;
        cases[`${name} ${kind}`] = () =>
          cpuTime(programs[round++ % programs.length], frames[kind], this.#repeat);
      }
    }
    const figures = await interleave(cases, this.#rounds);
    const over = ({ name, called }, kind) => {
      const floor = figures[`${floorName(called)} ${kind}`];
      return median(figures[`${name} ${kind}`].map((each, i) => each - floor[i]));
    };
    const describe = (each) => ({
      ...Object.fromEntries(KINDS.map((kind) => [kind, over(each, kind)])),
      verified: each.objects[0].program('once').info().verifiedInstructions,
    });
    const measured = loaded.filter(({ name, called }) => name !== floorName(called));
    return Object.fromEntries(measured.map((each) => [each.name, describe(each)]));
  }
}

const floorName = (called) => (called ? 'floor, called' : 'floor');

/** Throws where what was built does not decide as the reference interpreter does. */
function check(filter, { name, fixed, mixed }) {
  const reference = programOf(filter);
  const same = (got, expected) => {
    if (got !== expected) throw new Error(`${filter.id}, ${name}: ${got} match, not ${expected}`);
  };
  const expected = mixedMatches(filter.mixed.map((frame) => run(reference, frame) !== 0));
  for (const program of fixed) {
    same(program.testRun(filter.matching).retval, EVALUATIONS);
    same(program.testRun(filter.missing).retval, 0);
  }
  for (const program of mixed) same(program.testRun(mixedBuffer(filter.mixed)).retval, expected);
}

/** Processor time of this process for one evaluation, in nanoseconds; README.md says why that clock. */
function cpuTime(program, frame, repeat) {
  const before = process.cpuUsage();
  program.testRun(frame, { repeat });
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / repeat / EVALUATIONS;
}

/** clang runs out of stack on some lists, and the verifier refuses others: that is a finding, too. */
function whyNot(error) {
  return /error: (.*BPF stack limit.*)/.exec(error.message)?.[1] ?? unavailable(error);
}
