import { EnvironmentError, FilterError, LoadError, UserError } from '@hookdump/capture';
import { ClangError } from '@hookdump/codegen';
import { renderDiagnostic, TooManyValues } from '@hookdump/filter';

/**
 * Exit statuses. tcpdump has 1 for every error, and scripts rely on it; a bug of ours is told apart
 * (EX_SOFTWARE of sysexits(3)).
 */
export const exitStatus = { error: 1, bug: 70 } as const;

/** The name under which errors are told, the filter that they may point into. */
export interface ReportContext {
  readonly command: string;
  readonly filter?: { readonly text: string; readonly name: string };
  /** Print the whole of the verifier's log. */
  readonly verifierLog?: boolean;
}

/** Says what went wrong on standard error; gives the exit status. */
export function report(error: unknown, context: ReportContext): number {
  const { command, filter } = context;
  if (error instanceof FilterError && filter !== undefined) {
    for (const diagnostic of error.diagnostics) {
      process.stderr.write(renderDiagnostic(diagnostic, filter.text, filter.name));
    }
    return exitStatus.error;
  }
  if (error instanceof LoadError) {
    say(command, error.message, error.hint);
    if (context.verifierLog === true) process.stderr.write(`${error.log}\n`);
    else process.stderr.write('  --verifier-log prints all that the verifier said\n');
    return exitStatus.error;
  }
  if (
    error instanceof UserError ||
    error instanceof EnvironmentError ||
    error instanceof ClangError
  ) {
    say(command, error.message, error.hint);
    return exitStatus.error;
  }
  if (error instanceof TooManyValues) {
    say(command, error.message, "'--emit c' and '--emit object' have no such limit");
    return exitStatus.error;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${command}: this is a bug, please report it\n${text}\n`);
  return exitStatus.bug;
}

function say(command: string, message: string, hint: string | undefined): void {
  process.stderr.write(`${command}: ${message}\n`);
  if (hint !== undefined) process.stderr.write(`  ${hint}\n`);
}
