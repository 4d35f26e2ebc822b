import type { Program } from '../ir/types.ts';
import { foldConstants } from './fold-constants.ts';
import { foldOffsets } from './fold-offsets.ts';
import { removeUnused } from './remove-unused.ts';
import { skipKnownTests } from './skip-known-tests.ts';

/** A pass gives the same object back if it changed nothing. */
export type Pass = (program: Program) => Program;

/** In this order, round after round until none changes anything. */
export const passes: readonly Pass[] = [foldConstants, foldOffsets, skipKnownTests, removeUnused];

/** Passes help each other; after so many rounds little is left to gain, even in a huge filter. */
const mostRounds = 8;

/** Phase 4: IR to shorter IR with the same verdict on every packet, also on truncated ones. */
export function optimize(program: Program): Program {
  let current = program;
  for (let round = 0; round < mostRounds; round++) {
    const after = passes.reduce((before, pass) => pass(before), current);
    if (after === current) break;
    current = after;
  }
  return current;
}
