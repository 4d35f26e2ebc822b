import { FilterError } from '@hookdump/capture/errors';
import { type Diagnostic, NotClassic, renderDiagnostic, TooManyValues } from '@hookdump/filter';
import type { FilterText } from './arguments.ts';

/**
 * Exit statuses. tcpdump has 1 for every error, and scripts rely on it; a bug of ours is told apart
 * (EX_SOFTWARE of sysexits(3)), and so is a file in which `hookc --test` found nothing.
 */
export const exitStatus = { error: 1, noMatch: 2, bug: 70 } as const;

/** The name under which errors are told, the filter that they may point into. */
export interface ReportContext {
  readonly command: string;
  readonly filter?: FilterText;
  /** Print the whole of the verifier's log. */
  readonly verifierLog?: boolean;
}

/**
 * The errors that say themselves what is wrong. By name: their classes are those of the packages
 * that throw them, which a command that fails early has not loaded.
 */
const explained: ReadonlySet<string> = new Set([
  'UserError',
  'EnvironmentError',
  'LoadError',
  'ClangError',
  'OutputError',
]);

/** A filter that does not compile, where a command has several. */
export class FilterTextError extends FilterError {
  readonly filter: FilterText;

  constructor(error: FilterError, filter: FilterText) {
    super(error.diagnostics);
    this.filter = filter;
  }
}

/** Does what may throw FilterError, and says which filter it is about. @throws FilterTextError */
export function compilingOf<T>(filter: FilterText, compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw new FilterTextError(error, filter);
  }
}

/** Says what went wrong on standard error; gives the exit status. */
export function report(error: unknown, context: ReportContext): number {
  const { command } = context;
  const filter = error instanceof FilterTextError ? error.filter : context.filter;
  if (error instanceof FilterError && filter !== undefined) {
    sayDiagnostics(error.diagnostics, filter);
    return exitStatus.error;
  }
  if (error instanceof TooManyValues || error instanceof NotClassic) {
    say(command, error.message, "'--emit c', 'asm' and 'object' have no such limit");
    return exitStatus.error;
  }
  if (error instanceof Error && explained.has(error.name)) {
    const { message, hint, log } = error as Error & { hint?: string; log?: string };
    say(command, message, hint);
    if (error.name === 'LoadError') {
      const more = '  --verifier-log prints all that the verifier said';
      process.stderr.write(`${context.verifierLog === true ? log : more}\n`);
    }
    return exitStatus.error;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${command}: this is a bug, please report it\n${text}\n`);
  return exitStatus.bug;
}

/** So many are read by nobody; generated filters may have thousands. */
const mostDiagnostics = 20;

/** Errors and warnings about a filter, each with its place in the text. */
export function sayDiagnostics(diagnostics: readonly Diagnostic[], filter: FilterText): void {
  const said = diagnostics.slice(0, mostDiagnostics);
  const lines = said.map((each) => renderDiagnostic(each, filter.text, filter.name));
  const more = diagnostics.length - said.length;
  if (more > 0) lines.push(`${filter.name}: and ${more} more\n`);
  if (lines.length > 0) process.stderr.write(lines.join(''));
}

function say(command: string, message: string, hint: string | undefined): void {
  process.stderr.write(`${command}: ${message}\n`);
  if (hint !== undefined) process.stderr.write(`  ${hint}\n`);
}
