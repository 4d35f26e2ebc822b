import { FilterError } from '@hookdump/capture/errors';
import {
  checkClassic,
  fromClassic,
  optimize,
  type Program,
  readClassicText,
} from '@hookdump/filter';

/**
 * A program in classic BPF, as `tcpdump -ddd` prints it, in our own form.
 *
 * @param options `linkType`: libpcap's name of what packets begin with, which the program does not
 *   say; `optimize`: run phase 4, as for a filter (default true)
 * @throws FilterError, whose spans are in the text
 */
export function programOf(
  text: string,
  options: { readonly linkType: string; readonly optimize?: boolean },
): Program {
  const read = readClassicText(text);
  if (!read.ok) throw new FilterError(read.diagnostics);
  const faults = checkClassic(read.instructions, read.spans);
  if (faults.length > 0) throw new FilterError(faults);
  const program = fromClassic(read.instructions, { linkType: options.linkType });
  return options.optimize === false ? program : optimize(program);
}
