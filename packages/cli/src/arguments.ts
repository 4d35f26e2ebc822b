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
  /** It was given by name, and what is made of it has that name. */
  readonly isNamed?: true;
}

/**
 * The filter from the words of the command line, or from a file with `#` comments.
 *
 * @param what the file is said to be where it can't be read
 */
export function filterText(
  words: readonly string[],
  file: string | undefined,
  what: 'filter' | 'program' = 'filter',
): FilterText {
  if (file === undefined) return { text: words.join(' '), name: 'filter' };
  if (words.length > 0) {
    throw new UserError(`a filter is given twice: in ${nameOf(file)} and as '${words.join(' ')}'`);
  }
  try {
    const text = readFileSync(file === '-' ? 0 : file, 'utf8');
    // Blanks instead of comments, so that messages point to the right column.
    return {
      text: text.replace(/#.*/g, (comment) => ' '.repeat(comment.length)),
      name: nameOf(file),
    };
  } catch (error) {
    throw new UserError(`the ${what} file can't be read: ${(error as Error).message}`);
  }
}

/** What messages call a file; `-` is standard input. */
export const nameOf = (file: string): string => (file === '-' ? 'standard input' : file);

/** Filters by name, `NAME=TEXT` each. @throws UserError */
export function namedFilters(texts: readonly string[], words: readonly string[]): FilterText[] {
  const filters = texts.map(namedFilter);
  const twice = filters.find(({ name }, at) => filters.findIndex((f) => f.name === name) < at);
  if (twice !== undefined) throw new UserError(`--filter ${twice.name} is given twice`);
  if (words.length === 0) return filters;
  throw new UserError(
    `a filter without a name, '${words.join(' ')}', stands beside --filter`,
    "write --filter NAME='FILTER' for each; the shell needs the quotes",
  );
}

function namedFilter(text: string): FilterText {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(at, 0)).trim();
  if (at < 0 || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || keywords.has(name)) {
    throw new UserError(
      `--filter takes NAME=FILTER, not '${text}'`,
      'the name is one that a C function can have: letters, digits and _',
    );
  }
  return { text: text.slice(at + 1), name, isNamed: true };
}

/** Words of C: no function can have one as its name. */
const keywords: ReadonlySet<string> = new Set(
  (
    'auto bool break case char const continue default do double else enum extern false float for ' +
    'goto if inline int long register restrict return short signed sizeof static struct switch ' +
    'true typedef union unsigned void volatile while'
  ).split(' '),
);

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
