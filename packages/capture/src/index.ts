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
export { FilterError, OutputError, ReaderGone, UserError } from './errors.ts';
export { linkTypeOf } from './link-type.ts';
export { findNetns, type Netns, namedNetns, ownNetns } from './netns.ts';
export type { CapturedPacket, CaptureInterface } from './packet.ts';
export {
  type CaptureRequest,
  filtersOf,
  type ObjectPlan,
  type Plan,
  plan,
  type Target,
} from './plan.ts';
export { compileForLinks, deviceLayer, type FilterOptions, type LinkPrograms } from './programs.ts';
export { PcapngSink } from './sinks/pcapng.ts';
export { StreamOutput } from './sinks/stream-output.ts';
export { TextSink } from './sinks/text.ts';
export type { CaptureDescription, CaptureEnd, Sink, SinkEvents } from './sinks/types.ts';
