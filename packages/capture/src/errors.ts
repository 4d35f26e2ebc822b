/** The command line, or what else the user gave, is at fault: it must be changed, not the machine. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** Whoever read our output has gone: nothing is wrong, and there is nobody to write for. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone';
}
