export { type Batch, type BatchRecord, NO_CPU, records } from './batch.ts';
export type { Interface, ProgramInfo, TestRunResult } from './binding.ts';
export { type Drain, type DrainStats, drain } from './drain.ts';
export type { DrainOptions } from './drain-options.ts';
export { EnvironmentError, LoadError } from './errors.ts';
export { isHungUp } from './hung-up.ts';
export {
  type Capabilities,
  clockOffset,
  type KernelFacts,
  kernelFacts,
  libbpfVersion,
} from './kernel.ts';
export type { BpfLink } from './link.ts';
export type { BpfMap } from './map.ts';
export { listInterfaces } from './netns.ts';
export { BpfObject } from './object.ts';
export { type PageMap, pageMap } from './page-map.ts';
export type { BpfProgram } from './program.ts';
