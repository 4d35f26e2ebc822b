// Instructions that a filter executes, counted and not timed: no root, no noise. Ours beside C of a
// person, on the same frames; every verdict is compared with that of the reference interpreter.
import { join } from 'node:path';
import { renderSource } from '../../packages/codegen/dist/index.js';
import { interpreter } from '../../packages/filter/dist/index.js';
import { compiler, noClang, templateOnly } from './clang.mjs';
import { linkProgram } from './ebpf/link.mjs';
import { runXdp } from './ebpf/xdp.mjs';
import { say, skipped, title } from './lib.mjs';
import { onceProgram } from './programs.mjs';
import { set } from './set/index.mjs';
import { atXdp, byHand, programOf } from './snippets.mjs';
import { geometricMean, goal, printTable } from './table.mjs';

const GOAL = 0.75;

export default async function executedSection({ scratch }) {
  title('Instructions executed for a packet');
  const missing = noClang();
  if (missing !== undefined) return skipped('all of it', missing);
  const { build } = compiler(join(scratch, 'executed'), renderSource(templateOnly(['xdp'])));
  const compileOnce = (variant) => linkProgram(build(onceProgram(variant)), 'xdp');
  const rows = set.map((filter) => {
    const hand = compileOnce(byHand(filter));
    const our = compileOnce(atXdp(filter));
    const wrong = [our, hand].map((program) => wrongWhenCut(filter, program));
    if (wrong[0] > 0) throw new Error(`${filter.id}, ours: wrong on ${wrong[0]} frames cut off`);
    return { filter, our: count(filter, our), hand: count(filter, hand), wrong: wrong[1] };
  });
  const ratios = rows.map(({ our, hand }) => ratio(our, hand));
  printTable(
    ['', ...['match', 'no match', 'mixed', 'size'].flatMap((kind) => [kind, 'by hand']), 'ratio'],
    rows.map(({ filter, our, hand }, i) => [
      `${filter.id} ${filter.text}`,
      ...['match', 'miss', 'mixed', 'size'].flatMap((kind) => [our[kind], hand[kind]]),
      ratios[i].toFixed(2),
    ]),
  );
  const inexact = rows.filter(({ wrong }) => wrong > 0).map(({ filter }) => filter.id);
  say('  verdicts on frames cut off after each byte, and on whole ones: ours are those of run()');
  say(`  by hand differ when cut off: ${inexact.join(' ') || 'none'}`);
  goal('geometric mean of the ratios, ours to by hand', geometricMean(ratios), GOAL);
}

/** The mean over a frame that matches and one that does not. */
const ratio = (our, hand) => geometricMean([our.match / hand.match, our.miss / hand.miss]);

const ETHERNET_HEADER = 14;

/** How many verdicts differ from the reference's when the filter's two frames are cut off. */
function wrongWhenCut(filter, program) {
  const expected = interpreter(programOf(filter));
  const cut = [filter.matching, filter.missing].flatMap((frame) =>
    Array.from({ length: frame.length - ETHERNET_HEADER }, (_, i) =>
      frame.subarray(0, ETHERNET_HEADER + i),
    ),
  );
  return cut.filter((frame) => matches(runXdp(program, frame)) !== expected(frame) > 0).length;
}

/** Instructions on each kind of frame; throws where a verdict is not the reference's. */
function count(filter, program) {
  const expected = interpreter(programOf(filter));
  const on = (frame) => {
    const ran = runXdp(program, frame);
    if (matches(ran) === expected(frame) > 0) return ran.executed;
    throw new Error(`${filter.id}: a wrong verdict, ${ran.result}`);
  };
  const total = filter.mixed.reduce((sum, frame) => sum + on(frame), 0);
  return {
    match: on(filter.matching),
    miss: on(filter.missing),
    mixed: Math.round(total / filter.mixed.length),
    size: program.code.length,
  };
}

/** What the program `once` says with its result. */
const matches = ({ result }) => result === 1;
