import { getSystemErrorName } from 'node:util';

/** Something the machine lacks or refuses: no libbpf, no permission, no BTF, no such device, … */
export class EnvironmentError extends Error {
  override readonly name: string = 'EnvironmentError';
  /** What to do about it, where that is known. */
  readonly hint?: string;
  /** The errno behind it (positive), where there is one. */
  readonly errno?: number;

  constructor(message: string, details: { hint?: string; errno?: number; cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    if (details.hint !== undefined) this.hint = details.hint;
    if (details.errno !== undefined) this.errno = details.errno;
  }
}

/** The kernel, or libbpf on its behalf, refused a program. */
export class LoadError extends EnvironmentError {
  override readonly name: string = 'LoadError';
  /** The program's name. */
  readonly program: string;
  /** The line or lines of the log that say why. */
  readonly telling: string;
  /** All that libbpf and the verifier said. */
  readonly log: string;
  override readonly errno: number;

  constructor(
    message: string,
    details: { program: string; telling: string; log: string; errno: number; hint?: string },
  ) {
    super(message, details);
    this.program = details.program;
    this.telling = details.telling;
    this.log = details.log;
    this.errno = details.errno;
  }

  /** The same, with the place that the program was to be attached to: a hook, a device. */
  at(place: string): LoadError {
    const { program, telling, log, errno, hint } = this;
    const message = this.message.replace(`program ${program}:`, `program ${program} (${place}):`);
    return new LoadError(message, {
      program,
      telling,
      log,
      errno,
      ...(hint !== undefined && { hint }),
    });
  }
}

/** What native/log.cc throws: message is in the words of strerror(3). */
export interface NativeError extends Error {
  readonly errno: number;
  readonly log: string;
}

export function isNativeError(error: unknown): error is NativeError {
  return error instanceof Error && 'log' in error && 'errno' in error;
}

/** `EPERM` for 1. */
export function errnoName(errno: number): string {
  return getSystemErrorName(-errno);
}

/** The last line that libbpf said, without its prefix; empty if it said nothing. */
function lastLine(log: string): string {
  const line = log.trimEnd().split('\n').at(-1) ?? '';
  return line.replace(/^libbpf: /, '');
}

/**
 * Runs a call into the addon; what it throws becomes an EnvironmentError that begins with `what`
 * (what was being done, as in "can't WHAT: …").
 */
export function attempt<T>(
  what: string,
  call: () => T,
  hint?: (error: NativeError) => string | undefined,
): T {
  try {
    return call();
  } catch (error) {
    throw isNativeError(error) ? environmentError(what, error, hint?.(error)) : error;
  }
}

export function environmentError(
  what: string,
  error: NativeError,
  hint?: string,
): EnvironmentError {
  const said = lastLine(error.log);
  // libbpf's own numbers, from 4000 on, have words but no name.
  const name = error.errno < 4000 ? ` (${errnoName(error.errno)})` : '';
  const reason = `${error.message}${name}`;
  return new EnvironmentError(`can't ${what}: ${said === '' ? reason : `${reason}: ${said}`}`, {
    errno: error.errno,
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  });
}
