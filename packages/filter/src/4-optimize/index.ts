import type { Program } from '../ir/types.ts';
import type { Graph, GraphPass } from './graph/graph.ts';
import { read } from './graph/read.ts';
import { isSameProgram } from './graph/same-program.ts';
import { write } from './graph/write.ts';
import { forwardStores } from './passes/forward-stores.ts';
import { groupTests } from './passes/group-tests.ts';
import { mergeRanges } from './passes/merge-ranges.ts';
import { mergeTails } from './passes/merge-tails.ts';
import { removeChecks } from './passes/remove-checks.ts';
import { removeDeadStores } from './passes/remove-dead-stores.ts';
import { shareNodes } from './passes/share-nodes.ts';
import { threadJumps } from './passes/thread-jumps.ts';

/** A pass gives the same object back if it changed nothing. */
type Pass = (program: Program) => Program;

/** In this order, round after round until none changes anything. */
const roundPasses: readonly GraphPass[] = [
  threadJumps,
  forwardStores,
  removeDeadStores,
  removeChecks,
  shareNodes,
];

/** Once these are done, nothing is left for the others. */
const lastPasses: readonly GraphPass[] = [groupTests, mergeRanges, mergeTails];

/** To tidy up after them. */
const tidyingPasses: readonly GraphPass[] = [forwardStores, removeDeadStores, shareNodes];

/**
 * Passes help each other, and small programs are taken round until nothing changes. In a huge one
 * the first round does nearly all: after so many nodes have been looked at, another begins only
 * where the last one has shortened the program so much that all rounds together stay linear.
 */
const mostNodes = 4_000;
const mostRounds = 4;
const muchShorter = 2 / 3;

/** Phase 4: IR to shorter IR with the same verdict on every packet, also on truncated ones. */
export function optimize(program: Program): Program {
  return withGraph(program, optimizeGraph);
}

function optimizeGraph(graph: Graph): Graph {
  let current = graph;
  let looked = 0;
  for (let round = 1; ; round++) {
    const before = current;
    current = inTurn(roundPasses, before);
    looked += before.nodes.length;
    const isShort = current.nodes.length < before.nodes.length * muchShorter;
    const isSmall = round < mostRounds && looked < mostNodes;
    if (current === before || !(isShort || isSmall)) break;
  }
  const merged = inTurn(lastPasses, current);
  return merged === current ? current : inTurn(tidyingPasses, merged);
}

const inTurn = (passes: readonly GraphPass[], graph: Graph): Graph =>
  passes.reduce((current, pass) => pass(current), graph);

/** A pass over graphs as one over programs. */
function withGraph(program: Program, pass: GraphPass): Program {
  const after = write(pass(read(program)));
  return isSameProgram(program, after) ? program : after;
}

/**
 * Values are numbered: equal ones become one where paths allow it, constants are folded, arithmetic
 * is simplified. Every other pass does this too, since graphs are made so.
 */
export function numberValues(program: Program): Program {
  return withGraph(program, (graph) => graph);
}

/** The passes of {@link optimize}, each for itself, by name. */
export const passes: readonly { readonly name: string; readonly run: Pass }[] = [
  { name: 'numberValues', run: numberValues },
  ...[...roundPasses, ...lastPasses].map((pass) => ({
    name: pass.name,
    run: (program: Program): Program => withGraph(program, pass),
  })),
];
