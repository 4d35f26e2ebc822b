import { FilterError } from '@hookdump/capture/errors';
import { checkClassic, fromClassic, type Program, readClassicText } from '@hookdump/filter';

/**
 * A program in classic BPF, as `tcpdump -ddd` prints it, in our own form.
 *
 * @param linkType libpcap's name of what packets begin with: the program does not say it
 * @throws FilterError, whose spans are in the text
 */
export function programOf(text: string, linkType: string): Program {
  const read = readClassicText(text);
  if (!read.ok) throw new FilterError(read.diagnostics);
  const faults = checkClassic(read.instructions, read.spans);
  if (faults.length > 0) throw new FilterError(faults);
  return fromClassic(read.instructions, { linkType });
}
