export type ClangErrorKind = 'missing' | 'too-old' | 'failed';

/** clang is not there, or did not build an object: the environment's fault, or a limit of BPF. */
export class ClangError extends Error {
  readonly kind: ClangErrorKind;
  /** What to do about it, a sentence. */
  readonly hint: string;
  /** All that clang said; empty if it did not run. */
  readonly log: string;

  constructor(kind: ClangErrorKind, message: string, hint: string, log = '') {
    super(message);
    this.name = 'ClangError';
    this.kind = kind;
    this.hint = hint;
    this.log = log;
  }
}

const SHORTER =
  'make it shorter (lists as in `host A or B or C`, `net` and `portrange` for many of them), or use several';

/** What to do where clang takes too long. */
export const TOO_LONG = `a filter of some thousand tests takes clang about ten seconds at each hook: ${SHORTER}`;

/** Messages of clang's BPF back end that a large filter can run into, and what they mean. */
const LIMITS: readonly { readonly says: RegExp; readonly means: string }[] = [
  {
    says: /stack limit of \d+ bytes|stack (?:arguments|size) .*exceed/i,
    means: `the filter needs more than the 512 bytes of stack that a BPF program has: ${SHORTER}`,
  },
  {
    says: /branch target out of insn range|fixup value out of range|out of range/i,
    means: `the filter is longer than a BPF jump reaches (32767 instructions): ${SHORTER}`,
  },
  {
    says: /bracket nesting level exceeded/i,
    means: 'the filter is nested deeper than clang allows; write it with fewer parentheses',
  },
];

const LOG_LINES = 3;

/**
 * The error for a clang run that failed.
 *
 * @param foreign the file that was compiled, if somebody else wrote it
 */
export function compileFailed(command: string, log: string, foreign?: string): ClangError {
  const limit = LIMITS.find(({ says }) => says.test(log));
  const lines = log.split('\n').filter((line) => line.trim() !== '');
  const telling = lines.filter((line) => /\b(?:error|fatal)\b/i.test(line));
  const shown = (telling.length > 0 ? telling : lines).slice(0, LOG_LINES).join('\n');
  const own = 'this is a fault of hookdump: please report it with the output of --emit c';
  const theirs = `mend ${foreign}; --emit c shows it with the filter in its place`;
  return new ClangError(
    'failed',
    `${command} could not build ${foreign ?? 'the filter'}${shown === '' ? '' : `:\n${shown}`}`,
    limit?.means ?? (foreign === undefined ? own : theirs),
    log,
  );
}
