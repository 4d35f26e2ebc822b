import { closeSync, openSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { EnvironmentError, UserError } from '@hookdump/capture';

/** Whoever read our output has gone: nothing is wrong, and there is nobody to write for. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone';
}

/** A file, or standard output for `-`, that is written to at once and whole. */
export interface Output {
  write(chunk: Uint8Array): void;
  close(): void;
}

/**
 * @throws UserError if it can't be opened, or if it is a terminal, which binary data would upset;
 *   write() throws EnvironmentError and ReaderGone
 */
export function openOutput(path: string): Output {
  const descriptor = path === '-' ? 1 : open(path);
  if (isatty(descriptor)) {
    throw new UserError('a terminal cannot show what would be written to it', 'name a file');
  }
  const name = path === '-' ? 'standard output' : path;
  return {
    write: (chunk) => writeAll(descriptor, chunk, name),
    close: () => {
      if (path !== '-') closeSync(descriptor);
    },
  };
}

function open(path: string): number {
  try {
    return openSync(path, 'w', 0o666);
  } catch (error) {
    throw new UserError(`${path} can't be written: ${reason(error)}`);
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4));

function writeAll(descriptor: number, chunk: Uint8Array, name: string): void {
  for (let at = 0; at < chunk.length; ) {
    try {
      at += writeSync(descriptor, chunk, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') throw new ReaderGone();
      if (code !== 'EAGAIN') {
        throw new EnvironmentError(`${name} can't be written: ${reason(error)}`);
      }
      // A pipe that does not block and is full.
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

/** `ENOSPC: no space left on device, write` in the words that people know. */
function reason(error: unknown): string {
  const match = /^[A-Z0-9]+: ([^,]+)/.exec((error as Error).message);
  const text = match?.[1] ?? (error as Error).message;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
