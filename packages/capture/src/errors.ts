import type { Diagnostic } from '@hookdump/filter';

/** The command line, or what else the user gave, is at fault: it must be changed, not the machine. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** A filter that does not compile; what is wrong with it is in `diagnostics`. */
export class FilterError extends Error {
  override readonly name = 'FilterError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super('the filter does not compile');
    this.diagnostics = diagnostics;
  }
}

/** Whoever read our output has gone: nothing is wrong, and there is nobody to write for. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone';
}

/** What should be written cannot be: the disk is full, say. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}
