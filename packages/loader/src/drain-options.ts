import { availableParallelism } from 'node:os';
import type { Batch } from './batch.ts';

/** How a map is drained. */
export interface DrainOptions {
  /** Called on JavaScript's thread. */
  readonly onBatch: (batch: Batch) => void;
  /**
   * Size of each CPU's buffer of a perf event array, in bytes, rounded up to a power of two of
   * pages. Default: 16 MiB shared among the CPUs, within 256 KiB and 4 MiB each. A ring buffer's
   * size is the map's own.
   */
  readonly bufferBytes?: number;
  /** Size of a full batch; a record larger than that gets a batch of its own. Default 256 KiB. */
  readonly batchBytes?: number;
  /**
   * How much a CPU's perf buffer collects before the reader is woken; default 64 KiB. A ring
   * buffer wakes as the BPF program's flags say.
   */
  readonly wakeupBytes?: number;
  /** How long a record may wait in the kernel, and once more on our side, in ms. Default 10. */
  readonly flushMs?: number;
}

/** The options as the addon wants them: complete and checked. */
export interface DrainSettings {
  readonly bufferBytes: number;
  readonly batchBytes: number;
  readonly wakeupBytes: number;
  readonly flushMs: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

function defaultBufferBytes(cpus: number): number {
  return Math.min(4 * MIB, Math.max(256 * KIB, Math.floor((16 * MIB) / cpus)));
}

function checked(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`${name} must be an integer from ${least} to ${most}, not ${value}`);
}

/** @throws TypeError or RangeError */
export function drainSettings(
  mapType: string,
  options: DrainOptions,
  cpus = availableParallelism(),
): DrainSettings {
  if (mapType !== 'ringbuf' && mapType !== 'perf_event_array') {
    throw new TypeError(`only ringbuf and perf_event_array maps can be drained, not ${mapType}`);
  }
  if (typeof options.onBatch !== 'function') throw new TypeError('onBatch must be a function');
  return {
    bufferBytes: checked(
      'bufferBytes',
      options.bufferBytes ?? defaultBufferBytes(cpus),
      4 * KIB,
      1024 * MIB,
    ),
    batchBytes: checked('batchBytes', options.batchBytes ?? 256 * KIB, KIB, 64 * MIB),
    wakeupBytes: checked('wakeupBytes', options.wakeupBytes ?? 64 * KIB, 1, 1024 * MIB),
    flushMs: checked('flushMs', options.flushMs ?? 10, 1, 60_000),
  };
}
