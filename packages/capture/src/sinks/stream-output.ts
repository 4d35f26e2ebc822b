import type { Writable } from 'node:stream';
import { EnvironmentError, isHungUp } from '@hookdump/loader';
import { ReaderGone } from '../errors.ts';
import type { SinkEvents } from './types.ts';

/** A reader that takes nothing for so long, in ms, when the capture ends, is not waited for. */
const patience = 1000;
/** How often a reader is looked for that may have gone while there was nothing to write, in ms. */
const lookEach = 200;

/**
 * A stream that may be slower than the packets: it says when it is full, so that reading pauses and
 * the kernel counts what is lost, instead of our memory growing.
 */
export class StreamOutput {
  readonly #stream: Writable & { readonly fd?: number };
  readonly #name: string;
  #events: SinkEvents | undefined;
  #error: unknown;
  #blockedSince: number | undefined;

  /** @param name what it is called in messages */
  constructor(stream: Writable & { readonly fd?: number }, name: string) {
    this.#stream = stream;
    this.#name = name;
    stream.on('drain', () => {
      this.#blockedSince = undefined;
      this.#events?.pressure(false);
    });
    stream.on('error', (error: NodeJS.ErrnoException) => {
      this.#fail(
        error.code === 'EPIPE'
          ? new ReaderGone()
          : new EnvironmentError(`${name} can't be written: ${error.message}`),
      );
    });
  }

  watch(events: SinkEvents): void {
    this.#events = events;
    if (this.#error !== undefined) events.failed(this.#error);
    const { fd } = this.#stream;
    if (fd === undefined) return;
    // The stream only knows after its next write, and `hookdump … | head -n 1` has had its line.
    const look = setInterval(() => {
      if (this.#error === undefined && isHungUp(fd)) this.#fail(new ReaderGone());
      if (this.#error !== undefined) clearInterval(look);
    }, lookEach).unref();
  }

  /** @param data is copied */
  write(data: Uint8Array | string): void {
    if (this.#error !== undefined) return;
    if (this.#stream.write(typeof data === 'string' ? data : Uint8Array.from(data))) return;
    this.#blockedSince ??= Date.now();
    this.#events?.pressure(true);
  }

  /**
   * Resolves when all has been taken.
   *
   * @throws EnvironmentError if it can't be, or if nobody takes it; ReaderGone
   */
  async drained(): Promise<void> {
    while (this.#error === undefined && this.#stream.writableLength > 0) {
      this.throwIfStalled();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    if (this.#error !== undefined) throw this.#error;
  }

  throwIfStalled(): void {
    if (this.#blockedSince === undefined || Date.now() - this.#blockedSince < patience) return;
    throw new EnvironmentError(`${this.#name} is not read: what was left is dropped`);
  }

  #fail(error: unknown): void {
    this.#error = error;
    this.#events?.failed(error);
  }
}
