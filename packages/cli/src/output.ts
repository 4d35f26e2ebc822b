import { closeSync, openSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { OutputError, UserError } from '@hookdump/capture/errors';

/** A file that is written to at once and whole. */
export interface Output {
  write(chunk: Uint8Array): void;
  close(): void;
}

/** @throws UserError for a terminal, which binary data would upset */
export function requireNoTerminal(descriptor: number): void {
  if (!isatty(descriptor)) return;
  throw new UserError('a terminal cannot show what would be written to it', 'name a file');
}

/**
 * @throws UserError if it can't be opened or is a terminal; write() throws OutputError
 */
export function openOutput(path: string): Output {
  const descriptor = open(path);
  requireNoTerminal(descriptor);
  return {
    write: (chunk) => {
      try {
        for (let at = 0; at < chunk.length; ) at += writeSync(descriptor, chunk, at);
      } catch (error) {
        throw new OutputError(`${path} can't be written: ${reason(error)}`);
      }
    },
    close: () => closeSync(descriptor),
  };
}

function open(path: string): number {
  try {
    return openSync(path, 'w', 0o666);
  } catch (error) {
    throw new UserError(`${path} can't be written: ${reason(error)}`);
  }
}

/** `ENOSPC: no space left on device, write` in the words that people know. */
function reason(error: unknown): string {
  const match = /^[A-Z0-9]+: ([^,]+)/.exec((error as Error).message);
  const text = match?.[1] ?? (error as Error).message;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
