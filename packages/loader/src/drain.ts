import type { Batch } from './batch.ts';
import { binding, type DrainHandle } from './binding.ts';
import { type DrainOptions, drainSettings } from './drain-options.ts';
import { attempt } from './errors.ts';
import type { Lifetime } from './lifetime.ts';
import type { BpfMap } from './map.ts';

/** Counts of what a drain delivered. */
export interface DrainStats {
  readonly records: number;
  /** Those with records. */
  readonly batches: number;
  /** With the entries' headers and padding. */
  readonly bytes: number;
  /**
   * What the kernel's PERF_RECORD_LOST records sum up to, for cross-checks (0 for ring buffers). A
   * BPF program sees the same as an error of its helper and had better count for itself: the
   * kernel tells only with the next record that fits.
   */
  readonly lost: bigint;
}

/**
 * Reads a map of type ringbuf or perf_event_array on a thread of its own and gives what it reads,
 * in batches, to `onBatch` here. One drain per map. It keeps the process alive until it is closed.
 *
 * If `onBatch` is slow, at most 8 batches wait for it; then reading stops, the kernel's buffers
 * fill, and the BPF program's helper fails: it must count that. If `onBatch` throws, the error is
 * raised as an uncaught exception and the drain goes on.
 * @throws EnvironmentError; TypeError or RangeError for an unsuitable map or option
 */
export function drain(map: BpfMap, options: DrainOptions): Drain {
  return new Drain(map, options);
}

/** A running drain; see drain(). */
export class Drain {
  readonly #handle: DrainHandle;
  readonly #lifetime: Lifetime;
  readonly #flushes: { number: number; resolve: () => void; reject: (error: Error) => void }[] = [];
  #closed = false;

  /** @internal */
  constructor(map: BpfMap, options: DrainOptions) {
    const { handle, lifetime } = map.forDrain();
    const { bufferBytes, batchBytes, wakeupBytes, flushMs } = drainSettings(map.type, options);
    const { onBatch } = options;
    this.#lifetime = lifetime;
    this.#handle = attempt(`drain the map ${map.name}`, () =>
      binding().drainOpen(
        handle,
        bufferBytes,
        batchBytes,
        wakeupBytes,
        flushMs,
        (data, records, roundStart, roundEnd, flushed) => {
          deliver(onBatch, { data, records, roundStart, roundEnd });
          if (flushed > 0) this.#resolveFlushes(flushed);
        },
      ),
    );
    lifetime.adopt(this);
  }

  /** Stops reading; batches that are on their way still come. The kernel's buffers fill. */
  pause(): void {
    binding().drainPause(this.#handle, true);
  }

  resume(): void {
    binding().drainPause(this.#handle, false);
  }

  /**
   * Resolves when everything that was in the kernel's buffers at the time of this call has been
   * given to onBatch. Also while paused. Rejects if the drain is closed before.
   */
  flush(): Promise<void> {
    if (this.#closed) return Promise.reject(new Error('the drain is closed'));
    const number = binding().drainFlush(this.#handle);
    return new Promise((resolve, reject) => this.#flushes.push({ number, resolve, reject }));
  }

  /** Ends it: onBatch is not called any more, what was not read is dropped. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#lifetime.release(this);
    binding().drainClose(this.#handle);
    for (const { reject } of this.#flushes.splice(0)) reject(new Error('the drain was closed'));
  }

  /** Also after closing. */
  get stats(): DrainStats {
    return binding().drainStats(this.#handle);
  }

  #resolveFlushes(flushed: number): void {
    while (this.#flushes.length > 0 && this.#flushes[0]!.number <= flushed) {
      this.#flushes.shift()!.resolve();
    }
  }
}

/** The addon can't handle an exception of its callback: raise it where Node reports uncaught ones. */
function deliver(onBatch: (batch: Batch) => void, batch: Batch): void {
  try {
    onBatch(batch);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
