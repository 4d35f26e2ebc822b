import { release } from 'node:os';
import { buildObject, type Hook } from '@hookdump/codegen';
import {
  type BpfLink,
  BpfObject,
  clockOffset,
  type Drain,
  drain,
  EnvironmentError,
  LoadError,
  pageMap,
  records,
} from '@hookdump/loader';
import { type CaptureCounts, readHookCounts, sumCounts } from './counts.ts';
import { exists, pathToEnter } from './devices.ts';
import { encodeAttached, encodePageMap, encodeTargets, encodeU32 } from './globals.ts';
import { Interfaces } from './interfaces.ts';
import { TimeOrder } from './order.ts';
import type { CaptureRequest, ObjectPlan, Plan } from './plan.ts';
import { type CaptureRecord, decodeRecord } from './record.ts';
import type { CaptureDescription, Sink } from './sinks/types.ts';
import { withVlanTag } from './vlan.ts';

export interface CaptureOptions {
  /** End after this many packets. */
  readonly count?: number;
  /** Bytes of kernel buffer: for each CPU of a perf buffer, for all of a ring buffer. */
  readonly bufferBytes?: number;
}

/** One loaded object and what hangs on it. */
interface Loaded {
  readonly plan: ObjectPlan;
  readonly object: BpfObject;
  readonly links: BpfLink[];
  drain?: Drain;
  order?: TimeOrder<CaptureRecord>;
}

/** How a sink describes a request. */
export function describeCapture(
  request: CaptureRequest,
  application: string,
  command?: string,
): CaptureDescription {
  return {
    filter: request.filter,
    snapLen: request.snapLen,
    application,
    os: `Linux ${release()}`,
    ...(command !== undefined && { command }),
  };
}

/**
 * A capture from loading to the last packet. `ended` settles once, when it was stopped, when the
 * wanted number of packets has come, or when the sink or the kernel refused; by then nothing is
 * attached any more.
 */
export class Capture {
  readonly ended: Promise<CaptureCounts>;
  readonly #plan: Plan;
  readonly #limit: number;
  readonly #bufferBytes: number | undefined;
  readonly #loaded: Loaded[] = [];
  readonly #interfaces = new Interfaces();
  readonly #delivered = new Map<number, number>();
  #clockOffset = clockOffset();
  #closed = false;
  #lastCounts: CaptureCounts = sumCounts([], 0);
  #watch: NodeJS.Timeout | undefined;
  #sink: Sink | undefined;
  #captured = 0;
  #started = 0n;
  #finishing = false;
  #resolve!: (counts: CaptureCounts) => void;
  #reject!: (error: unknown) => void;

  private constructor(plan: Plan, options: CaptureOptions) {
    this.#plan = plan;
    this.#limit = options.count ?? Number.POSITIVE_INFINITY;
    this.#bufferBytes = options.bufferBytes;
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Whoever waits for it is told; nobody has to.
    this.ended.catch(() => {});
  }

  /**
   * Builds and loads what is planned. Whatever can be refused is refused here, before a sink has to
   * be opened (a file overwritten, say).
   *
   * @throws ClangError, LoadError, EnvironmentError
   */
  static async load(plan: Plan, options: CaptureOptions = {}): Promise<Capture> {
    const capture = new Capture(plan, options);
    try {
      for (const object of plan.objects) await capture.#load(object);
    } catch (error) {
      capture.close();
      throw error;
    }
    return capture;
  }

  /**
   * Attaches. When this returns, no packet can be missed any more; when it throws, nothing is left
   * attached.
   *
   * @throws EnvironmentError
   */
  start(sink: Sink): void {
    this.#sink = sink;
    try {
      sink.watch?.({
        pressure: (wantsPause) => {
          for (const { drain } of this.#loaded) wantsPause ? drain?.pause() : drain?.resume();
        },
        failed: (error) => this.#fail(error),
      });
      for (const loaded of this.#loaded) this.#drain(loaded);
      this.#started = this.#now();
      for (const loaded of this.#loaded) this.#attach(loaded);
      this.#watch = setInterval(() => this.#checkDevices(), 1000);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Detaches and unloads at once; what is on its way is dropped. Idempotent. */
  close(): void {
    if (this.#closed) return;
    if (this.#started > 0n) this.#lastCounts = this.counts();
    this.#closed = true;
    clearInterval(this.#watch);
    for (const { object } of this.#loaded) object.close();
  }

  /** The counters as they stand now, or as they stood when the capture ended. */
  counts(): CaptureCounts {
    if (this.#closed) return { ...this.#lastCounts, captured: this.#captured };
    const hooks = this.#loaded.flatMap(({ plan, object }) =>
      plan.hooks.map((hook, index) => readHookCounts(object, hook, index)),
    );
    return sumCounts(hooks, this.#captured);
  }

  /** Detaches, gives the sink what is still on its way, and ends. Does nothing the second time. */
  stop(): void {
    this.#end();
  }

  /** @param error why it ends, if it is not meant to */
  #end(error?: unknown): void {
    if (this.#finishing) return;
    this.#finishing = true;
    this.#finish().then(
      (counts) => (error === undefined ? this.#resolve(counts) : this.#reject(error)),
      (failure) => this.#fail(failure),
    );
  }

  /** A device that goes away takes its capture along: another of its name has another index. */
  #checkDevices(): void {
    const gone = this.#plan.objects.flatMap(({ devices }) => devices).find((each) => !exists(each));
    if (gone === undefined) return;
    this.#end(new EnvironmentError(`${gone.name}: the interface disappeared`));
  }

  async #load(plan: ObjectPlan): Promise<void> {
    const { filter, snapLen, branchFree = false } = this.#plan.request;
    const { hooks, programs, targets, device } = plan;
    const { bytes } = await buildObject({ filter, hooks, programs, branchFree });
    const object = BpfObject.open(bytes, { name: 'hookdump' });
    this.#loaded.push({ plan, object, links: [] });
    object.setGlobal('snaplen', encodeU32(snapLen));
    if (device === undefined) {
      object.setGlobal('target_count', encodeU32(targets.length));
      object.setGlobal('targets', encodeTargets(targets));
      const pages = pageMap();
      if (pages !== undefined) object.setGlobal('page_map', encodePageMap(pages));
    } else {
      object.setGlobal('attached', encodeAttached(device));
    }
    if (this.#bufferBytes !== undefined && hooks[0]!.kind.transport === 'ring') {
      object.setMapSize('events', this.#bufferBytes);
    }
    try {
      object.load();
    } catch (error) {
      const hook = hooks.find(({ program }) => (error as LoadError).program === program);
      throw error instanceof LoadError && hook !== undefined ? error.at(hook.spec) : error;
    }
  }

  #drain(loaded: Loaded): void {
    const order = new TimeOrder<CaptureRecord>((record) =>
      this.#deliver(record, loaded.plan.hooks),
    );
    loaded.order = order;
    loaded.drain = drain(loaded.object.map('events'), {
      ...(this.#bufferBytes !== undefined && { bufferBytes: this.#bufferBytes }),
      onBatch: (batch) => {
        try {
          for (const { data } of records(batch)) order.add(decodeRecord(data));
          if (!batch.roundEnd) return;
          // The time of day may have been set since.
          this.#clockOffset = clockOffset();
          order.roundEnds(Number(batch.roundStart));
          this.#sink?.flush();
        } catch (error) {
          this.#fail(error);
        }
      },
    });
  }

  #attach({ plan, object, links }: Loaded): void {
    for (const hook of plan.hooks) {
      const program = object.program(hook.program);
      const { device } = plan;
      links.push(
        device === undefined
          ? program.attach()
          : program.attachXdp(device.index, pathToEnter(device.netns)),
      );
    }
  }

  #deliver(record: CaptureRecord, hooks: readonly Hook[]): void {
    if (this.#captured >= this.#limit) return;
    const from = this.#interfaces.of(record, hooks[record.hook]!);
    const { data, originalLength } = withVlanTag(record, from.linkType, this.#plan.request.snapLen);
    const { packetType, queue, skb } = record;
    const timestamp = record.timestamp + this.#clockOffset;
    this.#sink?.packet({ from, timestamp, data, originalLength, packetType, queue, skb });
    this.#captured++;
    this.#delivered.set(from.id, (this.#delivered.get(from.id) ?? 0) + 1);
    if (this.#captured >= this.#limit) this.stop();
  }

  async #finish(): Promise<CaptureCounts> {
    for (const { links } of this.#loaded) for (const link of links) link.close();
    const ended = this.#now();
    for (const { drain, order } of this.#loaded) {
      // A paused drain gives what it has all the same: a slow reader must not hold up the end.
      await drain?.flush();
      order?.finish();
    }
    const counts = this.counts();
    this.close();
    const interfaces = this.#interfaces.all;
    const delivered = this.#delivered;
    await this.#sink?.finish({ interfaces, counts, delivered, started: this.#started, ended });
    return counts;
  }

  #fail(error: unknown): void {
    this.#finishing = true;
    this.close();
    this.#reject(error);
  }

  #now(): bigint {
    return BigInt(Date.now()) * 1_000_000n;
  }
}
