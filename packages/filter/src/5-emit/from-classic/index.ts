import type { Diagnostic } from '../../diagnostic.ts';
import type { Block, BlockId, Program, Terminator } from '../../ir/types.ts';
import { badSnapLen, unknownLinkType } from '../../messages/lower.ts';
import { findLinkType, linkTypes } from '../../tables/link-types.ts';
import { fitsField, largestUint32 } from '../../tables/ranges.ts';
import { operations } from '../instruction-set.ts';
import type { Instruction } from '../opcodes.ts';
import { checkClassic } from './check.ts';
import type { Definition } from './definition.ts';
import { findStretches, type Stretch } from './shape.ts';
import { Translator } from './translate.ts';

export { checkClassic } from './check.ts';
export { type ReadClassic, readClassicBytes, readClassicText } from './read.ts';

/** What instructions do not say of themselves. */
export interface FromClassicOptions {
  /** libpcap's name of the link type that packets begin with, in any case. Default EN10MB. */
  readonly linkType?: string;
  /** What an accepting program returns. Default: the largest number that this one returns. */
  readonly snapLen?: number;
}

/**
 * Thrown by {@link fromClassic} for a program that `checkClassic` has something to say about, or an
 * option that is none.
 */
export class BadProgram extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ message }) => message).join('; '));
    this.diagnostics = diagnostics;
  }
}

/**
 * Any classic BPF program as IR, so that a foreign filter can be run, optimized, or lowered to a
 * hook. It means what it means to libpcap's `bpf_filter()` (see `checkClassic` for where the
 * kernel differs); loads from SKF_AD_OFF on are ancillary data.
 *
 * The first step of the inverse of `toClassic`: registers and memory become values, and scratch
 * words where different values of one meet. Linear in the length of the program.
 *
 * @throws BadProgram where `checkClassic` finds a fault (ask it first for instructions from
 *   outside), for a link type that there is not, and for a `snapLen` that is no number of 32 bits
 */
export function fromClassic(
  instructions: readonly Instruction[],
  options: FromClassicOptions = {},
): Program {
  const faults = checkClassic(instructions);
  if (faults.length > 0) throw new BadProgram(faults);
  const returned = instructions
    .filter(({ code }) => {
      const operation = operations.get(code)!;
      return operation.kind === 'return' && operation.value === 'k';
    })
    .map(({ k }) => k);
  const { snapLen = returned.reduce((a, b) => Math.max(a, b), 0) } = options;
  const named = options.linkType ?? 'EN10MB';
  const linkType = findLinkType(named);
  if (linkType === undefined) {
    throw new BadProgram([unknownLinkType(named, Object.keys(linkTypes))]);
  }
  if (!fitsField(snapLen, largestUint32)) throw new BadProgram([badSnapLen(snapLen)]);
  return { linkType, snapLen, blocks: build(instructions) };
}

/** What arrives at a stretch: for each way that leads there, all variables. */
type Arriving = (readonly Definition[])[];

function build(instructions: readonly Instruction[]): Block[] {
  const stretches = findStretches(instructions);
  const blockAt = new Map(stretches.map(({ start }, index) => [start, index as BlockId]));
  const translator = new Translator();
  const arriving = new Map<number, Arriving>();
  const ends = stretches.map((stretch): Terminator => {
    translator.begin(arriving.get(stretch.start) ?? [], stretch.live);
    arriving.delete(stretch.start);
    for (let index = stretch.start; index < stretch.end; index++) {
      translator.translate(instructions[index]!);
    }
    const end = translator.end(instructions[stretch.end - 1]!, targets(stretch, blockAt));
    for (const to of new Set(stretch.to)) {
      const ways = arriving.get(to);
      if (ways === undefined) arriving.set(to, [translator.state]);
      else ways.push(translator.state);
    }
    return end;
  });
  const values = translator.finish();
  return ends.map((end, index) => ({ id: index as BlockId, values: values[index]!, end }));
}

const targets = ({ to }: Stretch, blockAt: ReadonlyMap<number, BlockId>): BlockId[] =>
  to.map((start) => blockAt.get(start)!);
