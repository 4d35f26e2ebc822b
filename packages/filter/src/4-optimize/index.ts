import type { Program } from '../ir/types.ts';
import { foldConstants } from './fold-constants.ts';
import { foldOffsets } from './fold-offsets.ts';
import { removeUnused } from './remove-unused.ts';
import { skipKnownTests } from './skip-known-tests.ts';

/** A pass gives the same object back if it changed nothing. */
export type Pass = (program: Program) => Program;

/** In this order, again and again until none changes anything. */
export const passes: readonly Pass[] = [foldConstants, foldOffsets, skipKnownTests, removeUnused];

/** Phase 4: IR to shorter IR with the same verdict on every packet, also on truncated ones. */
export function optimize(program: Program): Program {
  const after = passes.reduce((current, pass) => pass(current), program);
  return after === program ? program : optimize(after);
}
