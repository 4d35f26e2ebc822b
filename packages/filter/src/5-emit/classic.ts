import type { Program } from '../ir/types.ts';
import { unstoredLoads } from './kernel-limits.ts';
import type { Instruction } from './opcodes.ts';
import * as op from './opcodes.ts';
import { assemble } from './to-classic/assemble.ts';
import { findChains } from './to-classic/chains.ts';
import { type Choices, firstChoices, recomputing, variations } from './to-classic/choices.ts';
import type { Expression } from './to-classic/expression-table.ts';
import { placeInMemory } from './to-classic/memory.ts';
import { type Graph, join } from './to-classic/nodes.ts';
import { findRequests, type Requests } from './to-classic/requests.ts';
import { select } from './to-classic/select.ts';
import { TooManyValues } from './too-many-values.ts';

/** So often is it tried to make do with less memory. */
const mostAttempts = 32;

/** For longer programs, and for more words, the first choices are good enough. */
const mostToVary = { instructions: 300, words: 8 };

/** A program that was made, by these choices. */
interface Made {
  readonly instructions: readonly Instruction[];
  readonly choices: Choices;
  /** Words of the IR that were given room in memory. */
  readonly wordsInMemory: readonly number[];
}

/**
 * Phase 5: IR to classic BPF.
 *
 * A program that is longer than the kernel takes is given all the same, since libpcap runs it:
 * `checkKernelLimits` tells.
 *
 * @returns instructions as `pcap_compile()` gives them, with libpcap's opcodes
 * @throws TooManyValues where 16 words of scratch memory are not enough; NotClassic where a live
 *   capture asks for the name of an interface, which Linux tells to no program in classic BPF
 */
export function toClassic(program: Program): readonly Instruction[] {
  const requests = findRequests(program);
  const first = make(program, requests, firstChoices);
  const usesMemory = first.instructions.some(({ code }) => isStore(code));
  if (!usesMemory || first.instructions.length > mostToVary.instructions) return first.instructions;
  let best = first;
  const words = first.wordsInMemory.slice(0, mostToVary.words);
  for (const vary of variations(words)) {
    const other = make(program, requests, vary(best.choices));
    if (other.instructions.length < best.instructions.length) best = other;
  }
  return best.instructions;
}

const isStore = (code: number): boolean => code === op.ST || code === op.STX;

function make(program: Program, requests: Requests, first: Choices): Made {
  let choices = first;
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const code = select(program, requests, choices);
    const placed = placeInMemory(code, (value) => canRecompute(value, requests, choices));
    if (!('tooMany' in placed)) {
      const instructions = layOut(join(code, placed));
      return { instructions, choices, wordsInMemory: placed.words };
    }
    choices = recomputing(choices, placed.tooMany);
  }
  throw new TooManyValues();
}

const canRecompute = (value: Expression, { expressions }: Requests, choices: Choices): boolean =>
  !expressions.costs.isLeaf[value] && !choices.recomputed.has(value);

function layOut(graph: Graph): readonly Instruction[] {
  const instructions = assemble(graph, findChains(graph, true), true);
  // The kernel takes a return for an instruction that goes on to the next: one in the middle can
  // make it believe that memory is loaded which nothing was stored into.
  if (unstoredLoads(instructions).length === 0) return instructions;
  return assemble(graph, findChains(graph, false), false);
}
