import type { Hook } from '@hookdump/codegen';
import { HOOK_STATS } from '@hookdump/codegen/record';
import type { BpfObject } from '@hookdump/loader';
import { littleEndian } from './host-order.ts';

/** What one hook counted in the kernel, over all CPUs; `struct hook_stats` of record.h. */
export interface HookCounts {
  readonly hook: Hook;
  readonly seen: number;
  readonly matched: number;
  /** Matched, but the buffer to user space was full. */
  readonly lost: number;
  /** Kernel memory could not be read. */
  readonly failed: number;
  /** The filter asked for bytes out of its reach; taken as no match. */
  readonly undecided: number;
  /** From a device whose link type no filter was compiled for; taken as no match. */
  readonly unsupported: number;
  /** Times that the kernel did not run the program because it was already running on that CPU. */
  readonly missed: number;
}

/** A capture in tcpdump's three numbers, and by hook. */
export interface CaptureCounts {
  /** Given to the sink. */
  readonly captured: number;
  /** Accepted by the filter, whether they arrived or not. */
  readonly received: number;
  /** Seen and not told of: buffers full, memory that could not be read, programs not run. */
  readonly dropped: number;
  readonly hooks: readonly HookCounts[];
}

/** Reads a hook's counters. */
export function readHookCounts(object: BpfObject, hook: Hook, index: number): HookCounts {
  const perCpu = object.map('stats').lookupPerCpu(new Uint8Array(Uint32Array.of(index).buffer));
  const sum = (field: keyof typeof HOOK_STATS): number =>
    perCpu.reduce((total, bytes) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      return total + Number(view.getBigUint64(HOOK_STATS[field].offset, littleEndian));
    }, 0);
  return {
    hook,
    seen: sum('seen'),
    matched: sum('matched'),
    lost: sum('lost'),
    failed: sum('failed'),
    undecided: sum('undecided'),
    unsupported: sum('unsupported'),
    missed: object.program(hook.program).info().recursionMisses,
  };
}

/** The sums that tcpdump prints. */
export function sumCounts(hooks: readonly HookCounts[], captured: number): CaptureCounts {
  const total = (field: 'matched' | 'lost' | 'failed' | 'missed'): number =>
    hooks.reduce((sum, hook) => sum + hook[field], 0);
  return {
    captured,
    received: total('matched'),
    dropped: total('lost') + total('failed') + total('missed'),
    hooks,
  };
}
