import { FilterError } from '@hookdump/capture/errors';
import {
  BadProgram,
  checkClassic,
  fromClassic,
  type Instruction,
  optimize,
  type Program,
  readClassicText,
} from '@hookdump/filter';

/**
 * A program in classic BPF, as `tcpdump -ddd` prints it, in our own form.
 *
 * @param options `linkType`: libpcap's name of what packets begin with, which the program does not
 *   say; `optimize`: run phase 4, as for a filter (default true)
 * @throws FilterError, whose spans are in the text; also for a link type that is not known
 */
export function programOf(
  text: string,
  options: { readonly linkType: string; readonly optimize?: boolean },
): Program {
  const read = readClassicText(text);
  if (!read.ok) throw new FilterError(read.diagnostics);
  const faults = checkClassic(read.instructions, read.spans);
  if (faults.length > 0) throw new FilterError(faults);
  const program = converted(read.instructions, options.linkType);
  return options.optimize === false ? program : optimize(program);
}

function converted(instructions: readonly Instruction[], linkType: string): Program {
  try {
    return fromClassic(instructions, { linkType });
  } catch (error) {
    // The instructions have been looked at: what is left to refuse is what the user calls the packets.
    if (!(error instanceof BadProgram)) throw error;
    throw new FilterError(error.diagnostics);
  }
}
