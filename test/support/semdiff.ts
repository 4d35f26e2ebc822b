import type { Instruction } from '@hookdump/filter';
import { buildAnswering } from './built.ts';
import { conformancePath } from './shared.ts';

/** Two programs that should give every packet the same verdict. */
export interface Pair {
  readonly theirs: readonly Instruction[];
  readonly ours: readonly Instruction[];
}

/** How two programs differ: the first packet found for which one of them says 0 and the other not. */
export interface Difference {
  readonly captured: number;
  readonly wireLength: number;
  readonly theirs: number;
  readonly ours: number;
  readonly packet: string;
  /** No difference was found on whole packets. */
  readonly truncatedOnly: boolean;
}

export interface Semdiff {
  /** For each pair `undefined` where no packet told them apart. */
  compare(pairs: readonly Pair[], iterations: number): (Difference | undefined)[];
  close(): void;
}

/**
 * The conformance data's `semdiff`: both programs in libpcap's interpreter, on packets steered
 * along the branches of both, most of them truncated somewhere.
 */
export function openSemdiff(): Semdiff | { readonly missing: string } {
  const built = buildAnswering(conformancePath('semdiff.c'));
  if ('missing' in built) return built;
  return {
    compare(pairs, iterations) {
      const lines = pairs.map(
        ({ theirs, ours }) => `${programLine(theirs)}\t${programLine(ours)}\t${iterations}`,
      );
      const answers = built.ask(lines);
      const differing = lines.filter((_, index) => !answers[index]!.startsWith('EQ '));
      const whole = built.ask(differing, '-t');
      let next = 0;
      return answers.map((answer) =>
        answer.startsWith('EQ ') ? undefined : readDifference(answer, whole[next++]!),
      );
    },
    close: built.close,
  };
}

function programLine(program: readonly Instruction[]): string {
  if (program.length > 5000) throw new RangeError('semdiff takes 5000 instructions');
  return `${program.length};${program.map(({ code, jt, jf, k }) => `${code} ${jt} ${jf} ${k}`).join(';')}`;
}

function readDifference(answer: string, onWhole: string): Difference {
  const [kind, captured, wireLength, theirs, ours, packet] = answer.split(' ');
  if (kind !== 'DIFF') throw new Error(`semdiff said: ${answer}`);
  return {
    captured: Number(captured),
    wireLength: Number(wireLength),
    theirs: Number(theirs),
    ours: Number(ours),
    packet: packet!,
    truncatedOnly: onWhole.startsWith('EQ '),
  };
}

export const describeDifference = (difference: Difference): string =>
  `libpcap ${difference.theirs}, ours ${difference.ours}${difference.truncatedOnly ? ' (truncated packets only)' : ''}: ${difference.captured} of ${difference.wireLength} bytes ${difference.packet.slice(0, 160)}`;
