// Counts the instructions that a filter executes: no root, no clock, no noise. Every verdict is
// compared with that of the reference interpreter.
import { join } from 'node:path';
import { renderSource } from '../../packages/codegen/dist/index.js';
import { interpreter } from '../../packages/filter/dist/index.js';
import { compiler, templateOnly } from './clang.mjs';
import { linkProgram } from './ebpf/link.mjs';
import { runXdp } from './ebpf/xdp.mjs';
import { onceProgram } from './programs.mjs';
import { nothing, programOf } from './snippets.mjs';

/**
 * @returns a function that counts for a filter and a snippet: instructions on each kind of frame, and
 *   `wrongWhenCut()`: how many verdicts on frames that are cut off are not the reference's; it throws
 *   where one on a whole frame is not. `emptyProgram()`: what a program executes that has no filter
 *   but knows where the frame begins and ends.
 */
export function counter(scratch) {
  const { build } = compiler(join(scratch, 'executed'), renderSource(templateOnly(['xdp'])));
  const once = (snippet) => linkProgram(build(onceProgram(snippet)), 'xdp');
  const count = (filter, snippet) => {
    const program = once(snippet);
    return { ...countWhole(filter, program), wrongWhenCut: () => wrongWhenCut(filter, program) };
  };
  count.emptyProgram = () => runXdp(once(nothing), new Uint8Array(64)).executed + POINTERS;
  return count;
}

/** Loads of the frame's beginning and end, which a program that reads no frame has not. */
const POINTERS = 2;

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

function countWhole(filter, program) {
  const expected = interpreter(programOf(filter));
  const on = (frame) => {
    const ran = runXdp(program, frame);
    if (matches(ran) === expected(frame) > 0) return ran.executed;
    throw new Error(`${filter.id}: a wrong verdict, ${ran.result}`);
  };
  const total = filter.mixed.reduce((sum, frame) => sum + on(frame), 0);
  return {
    match: on(filter.matching),
    'no match': on(filter.missing),
    mixed: Math.round(total / filter.mixed.length),
    size: program.code.length,
  };
}

/** What the program `once` says with its result. */
const matches = ({ result }) => result === 1;
