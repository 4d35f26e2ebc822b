import type { MemberEnd } from '../../lists/index.ts';
import { tableFor } from '../../lists/tables/choose.ts';
import { isChoice, mayReject, type Prepared } from '../prepared.ts';

/** Tests that are all made for each packet: with more, jumping over most of them is quicker. */
const MOST_TESTS = 40;

/** Loads at computed offsets, which are compared with the packet's end one view after the other. */
const MOST_COMPUTED_LOADS = 12;

/** Whether a list is so short that numbers are compared with it one by one. */
export const isCompared = ({ list }: MemberEnd): boolean =>
  'intervals' in list && tableFor(list.intervals).kind === 'comparisons';

/** Why a program has no form without branches; `undefined` if it has. */
export function misfit({ blocks, constants }: Prepared): string | undefined {
  const all = [...blocks.values()];
  const values = all.flatMap((block) => block.values);
  const tests = all.filter(({ end }) => isChoice(end));
  if (tests.length === 0) return 'no tests';
  if (tests.length > MOST_TESTS) return `${tests.length} tests`;
  const computed = values.filter(
    (value) => value.kind === 'load' && value.index !== undefined && !constants.has(value.index),
  );
  if (computed.length > MOST_COMPUTED_LOADS) return `${computed.length} loads at computed offsets`;
  // BPF has no comparison that gives a number: "is it what the table says?" is a jump in any case.
  if (tests.some(({ end }) => end.kind === 'member' && !isCompared(end))) return 'a list';
  // What cannot be asked of the kernel marks the packet, and must not be asked in vain.
  if (values.some(({ kind }) => kind === 'ancillary')) return 'what stands beside the bytes';
  // In C, a division by 0 is no number that could be left out afterwards.
  if (values.some((value) => mayReject(value, constants)))
    return 'a division by what a packet says';
  if (all.some(({ end }) => end.kind === 'walk')) return 'a walk through lists';
  if (all.some(({ end }) => end.kind === 'return-value')) return 'a verdict that is computed';
  return undefined;
}
