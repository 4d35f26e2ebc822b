import type { CaptureCounts } from '../counts.ts';
import type { CapturedPacket, CaptureInterface } from '../packet.ts';

/** What a capture is about, told to a sink before the first packet. */
export interface CaptureDescription {
  readonly filter: string;
  readonly snapLen: number;
  /** Such as `hookdump 0.1.0`. */
  readonly application: string;
  /** The kernel, such as `Linux 6.1.0-50-amd64`. */
  readonly os: string;
  /** The command line, where there is one. */
  readonly command?: string;
}

/** Where packets go. Methods throw what keeps them from doing so; the capture then ends. */
export interface Sink {
  /** Called for each packet, in order; its bytes are only valid during the call. */
  packet(packet: CapturedPacket): void;
  /** What was given so far should be seen by a reader now. */
  flush(): void;
  /** The capture has ended in order. */
  finish(end: CaptureEnd): Promise<void>;
  /** Lets go of whatever it holds, finished or not. Idempotent. */
  close(): void;
  /** Present where a sink can be too slow, or can fail by itself. */
  watch?(events: SinkEvents): void;
}

/** What a sink tells of itself. */
export interface SinkEvents {
  /** It wants a pause, or wants to go on. */
  pressure(wantsPause: boolean): void;
  /** It can take no more: the capture ends. */
  failed(error: unknown): void;
}

export interface CaptureEnd {
  readonly interfaces: readonly CaptureInterface[];
  readonly counts: CaptureCounts;
  /** Packets given to the sink, by the interface's id. */
  readonly delivered: ReadonlyMap<number, number>;
  /** Nanoseconds since the epoch. */
  readonly started: bigint;
  readonly ended: bigint;
}
