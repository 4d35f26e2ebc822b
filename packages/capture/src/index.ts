// The loader's part of what a command needs: it lies under the engine, not beside it.
export {
  EnvironmentError,
  type KernelFacts,
  kernelFacts,
  LoadError,
  libbpfVersion,
} from '@hookdump/loader';
export { Capture, type CaptureOptions, describeCapture } from './capture.ts';
export type { CaptureCounts, HookCounts } from './counts.ts';
export { ReaderGone, UserError } from './errors.ts';
export { linkTypeOf } from './link-type.ts';
export { findNetns, type Netns, namedNetns, ownNetns } from './netns.ts';
export type { CapturedPacket, CaptureInterface } from './packet.ts';
export {
  type CaptureRequest,
  deviceLayer,
  FilterError,
  type ObjectPlan,
  type Plan,
  plan,
  type Target,
} from './plan.ts';
export { PcapngSink } from './sinks/pcapng.ts';
export { StreamOutput } from './sinks/stream-output.ts';
export { TextSink } from './sinks/text.ts';
export type { CaptureDescription, CaptureEnd, Sink, SinkEvents } from './sinks/types.ts';
