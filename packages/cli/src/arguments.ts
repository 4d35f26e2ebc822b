import { readFileSync } from 'node:fs';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UserError } from '@hookdump/capture/errors';

type Options = NonNullable<ParseArgsConfig['options']>;

/** tcpdump's letters that a command does not have, and what to do instead. */
export type Refused = Readonly<Record<string, string>>;

/**
 * A command line: options anywhere, as with tcpdump, and all other words the filter.
 *
 * @throws UserError for an option that is not known, or known and refused
 */
export function parseCommandLine<T extends Options>(
  args: readonly string[],
  options: T,
  refused: Refused,
): { values: ReturnType<typeof parseArgs<{ options: T }>>['values']; words: string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      strict: true,
    });
    return { values: values as never, words: positionals };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined || !code.startsWith('ERR_PARSE_ARGS')) throw error;
    const option = /'(--?[^' =<,]+)/.exec(message)?.[1] ?? '';
    const letter = option.replace(/^-+/, '');
    if (code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
      throw new UserError(message.split('.')[0]!, 'see --help');
    }
    const why = refused[letter];
    if (why !== undefined) throw new UserError(`${option} is not supported: ${why}`);
    throw new UserError(
      `unknown option ${option}`,
      "'--help' lists the options; '--' ends them, so that a filter can begin with '-'",
    );
  }
}

/** A whole number within bounds. */
export function integer(option: string, text: string, low: number, high: number): number {
  const value = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= low && value <= high) return value;
  throw new UserError(`${option} takes a number from ${low} to ${high}, not '${text}'`);
}

/** tcpdump takes 0 for the default, 262144 bytes. */
export function snapLength(text: string | undefined): number {
  const maximum = 262144;
  return text === undefined ? maximum : integer('-s', text, 0, maximum) || maximum;
}

/** A filter's text, and what to call it in messages. */
export interface FilterText {
  readonly text: string;
  readonly name: string;
}

/** The filter from the words of the command line, or from a file with `#` comments. */
export function filterText(words: readonly string[], file: string | undefined): FilterText {
  if (file === undefined) return { text: words.join(' '), name: 'filter' };
  if (words.length > 0) {
    throw new UserError(`a filter is given twice: in ${file} and as '${words.join(' ')}'`);
  }
  try {
    const text = readFileSync(file === '-' ? 0 : file, 'utf8');
    // Blanks instead of comments, so that messages point to the right column.
    return { text: text.replace(/#.*/g, (comment) => ' '.repeat(comment.length)), name: file };
  } catch (error) {
    throw new UserError(`the filter file can't be read: ${(error as Error).message}`);
  }
}

/** `255.255.255.0`, `0xffffff00` or the 24 of `/24`, with or without the slash. */
export function netmask(option: string, text: string): number {
  const length = /^\/?([0-9]{1,2})$/.exec(text)?.[1];
  if (length !== undefined && Number(length) <= 32) {
    return Number(length) === 0 ? 0 : (0xffffffff << (32 - Number(length))) >>> 0;
  }
  if (/^0x[0-9a-f]{1,8}$/i.test(text)) return Number(text);
  const bytes = text.split('.');
  if (bytes.length === 4 && bytes.every((byte) => /^[0-9]{1,3}$/.test(byte) && +byte <= 255)) {
    return bytes.reduce((number, byte) => number * 256 + Number(byte), 0);
  }
  throw new UserError(`${option} takes a netmask such as 255.255.255.0 or /24, not '${text}'`);
}
