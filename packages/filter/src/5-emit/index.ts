export { toClassic } from './classic.ts';
export type { Instruction } from './opcodes.ts';
export { printAssembly, printC, printDecimal } from './print-classic.ts';
export { TooManyValues } from './select.ts';
