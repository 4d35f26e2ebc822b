export { toClassic } from './classic.ts';
export {
  BadProgram,
  checkClassic,
  type FromClassicOptions,
  fromClassic,
  type ReadClassic,
  readClassicBytes,
  readClassicText,
} from './from-classic/index.ts';
export { checkKernelLimits, iptablesInstructions, kernelInstructions } from './kernel-limits.ts';
export { NotClassic } from './not-classic.ts';
export type { Instruction } from './opcodes.ts';
export { printAssembly, printC, printDecimal } from './print-classic.ts';
export { TooManyValues } from './too-many-values.ts';
