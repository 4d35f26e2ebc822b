// Times filters: sixteen evaluations in each program run, so that a nanosecond shows beside the test
// run's own some 30.
import { join } from 'node:path';
import { renderSource } from '../../packages/codegen/dist/index.js';
import { run } from '../../packages/filter/dist/index.js';
import { BpfObject } from '../../packages/loader/dist/index.js';
import { compiler, templateOnly } from './clang.mjs';
import { interleave, median, unavailable } from './lib.mjs';
import { skipped } from './output.mjs';
import { amplifiedPrograms, EVALUATIONS, mixedBuffer, mixedMatches } from './programs.mjs';
import { programOf } from './snippets.mjs';

/**
 * What a filter is timed on, by the program that does it: a frame that matches, one that does not, a
 * mix whose verdicts are counted, and one whose verdicts decide about a jump.
 */
export const PROGRAMS = {
  match: 'fixed',
  'no match': 'fixed',
  counted: 'counted',
  decided: 'decided',
};

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
  #options;
  #floors = new Map();

  /**
   * @param options `floor`: the snippet that does all but filter; `kinds`: which of PROGRAMS; `rounds`;
   *   `builds`: of each program, at most four; `repeat`: runs in a measurement; `slow`: names of
   *   snippets of which a tenth is enough; `calls`: values of CALLED (harness/amplified.c) to try, one
   *   after the other; `scratch`: a folder
   */
  constructor({ builds = PADDINGS.length, slow = [], calls = [0, 1, 2], ...options }) {
    const sample = renderSource(templateOnly(['xdp']));
    this.#build = compiler(join(options.scratch, 'amplified'), sample).build;
    this.#options = { ...options, slow, calls, paddings: PADDINGS.slice(0, builds) };
  }

  /**
   * @param snippets by what a line calls them
   * @returns for each of those that can be loaded, by that name: by kind, the medians of what an
   *   evaluation takes beyond the floor, in nanoseconds; `verified`: instructions that the verifier
   *   walked through for one evaluation
   */
  async measure(filter, snippets) {
    const loaded = this.#loadAlike(filter, snippets);
    try {
      for (const each of loaded) check(filter, each);
      return await this.#time(filter, loaded);
    } finally {
      for (const { objects } of loaded) for (const object of objects) object.close();
    }
  }

  close() {
    for (const { objects } of this.#floors.values()) for (const object of objects) object.close();
    this.#floors.clear();
  }

  /** All in the same way: with calls if the verifier refuses one of them otherwise. */
  #loadAlike(filter, snippets) {
    const { calls } = this.#options;
    for (const called of calls) {
      const loaded = [];
      const refused = [];
      for (const [name, snippet] of Object.entries(snippets)) {
        try {
          loaded.push({ name, ...this.#load(snippet, called) });
        } catch (error) {
          refused.push([`${filter.id}, ${name}`, whyNot(error)]);
        }
      }
      if (refused.length === 0 || called === calls.at(-1)) {
        for (const each of refused) skipped(...each);
        return loaded;
      }
      for (const { objects } of loaded) for (const object of objects) object.close();
    }
  }

  /** All builds of it, as they are measured in turns. */
  #load(snippet, called) {
    const objects = [];
    try {
      for (const padding of this.#options.paddings) {
        const built = this.#build(amplifiedPrograms(snippet, { called, padding }));
        objects.push(BpfObject.open(built, { name: 'bench' }));
        objects.at(-1).load();
      }
    } catch (error) {
      for (const object of objects) object.close();
      throw error;
    }
    return { called, objects };
  }

  #floorOf(called) {
    if (!this.#floors.has(called)) {
      this.#floors.set(called, this.#load(this.#options.floor, called));
    }
    return this.#floors.get(called);
  }

  /** Each beside a floor that is called as it is and runs as often, since a measurement itself costs. */
  async #time(filter, loaded) {
    const { kinds, repeat, slow, rounds } = this.#options;
    const frames = framesOf(filter);
    const cases = {};
    const addCases = (name, { objects }, runs) => {
      for (const kind of kinds) {
        const programs = objects.map((object) => object.program(PROGRAMS[kind]));
        let round = 0;
        cases[`${name} ${kind}`] = () =>
          cpuTime(programs[round++ % programs.length], frames[kind], runs);
      }
    };
    const runsOf = ({ name }) => (slow.includes(name) ? repeat / 10 : repeat);
    const floorOf = (each) => `floor ${each.called} ${runsOf(each)}`;
    for (const each of loaded) {
      addCases(each.name, each, runsOf(each));
      addCases(floorOf(each), this.#floorOf(each.called), runsOf(each));
    }
    const figures = await interleave(cases, rounds);
    const over = (each, kind) => {
      const floor = figures[`${floorOf(each)} ${kind}`];
      const times = figures[`${each.name} ${kind}`].slice(0, floor.length);
      return median(times.map((time, i) => time - floor[i]));
    };
    const describe = (each) => ({
      ...Object.fromEntries(kinds.map((kind) => [kind, over(each, kind)])),
      verified: each.objects[0].program('once').info().verifiedInstructions,
    });
    return Object.fromEntries(loaded.map((each) => [each.name, describe(each)]));
  }
}

/** By kind. */
function framesOf({ matching, missing, mixed }) {
  const buffer = mixedBuffer(mixed);
  return { match: matching, 'no match': missing, counted: buffer, decided: buffer };
}

/** Throws where what was built does not decide as the reference interpreter does. */
function check(filter, { name, objects }) {
  const reference = programOf(filter);
  const same = (got, expected) => {
    if (got !== expected) throw new Error(`${filter.id}, ${name}: ${got} match, not ${expected}`);
  };
  const matching = filter.mixed.map((frame) => run(reference, frame) !== 0);
  const frames = framesOf(filter);
  for (const object of objects) {
    const count = (kind) => object.program(PROGRAMS[kind]).testRun(frames[kind]).retval;
    same(count('match'), EVALUATIONS);
    same(count('no match'), 0);
    const [first, second] = mixedMatches(matching);
    same(count('counted'), first);
    same(count('decided'), second);
  }
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
