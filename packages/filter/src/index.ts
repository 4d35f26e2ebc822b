export { type Parsed, parse } from './1-parse/index.ts';
export type { NeededNames, ResolvedNames } from './2-analyze/names.ts';
export { optimize } from './4-optimize/index.ts';
export {
  BadProgram,
  checkClassic,
  checkKernelLimits,
  type FromClassicOptions,
  fromClassic,
  type Instruction,
  iptablesInstructions,
  kernelInstructions,
  NotClassic,
  printAssembly,
  printC,
  printDecimal,
  type ReadClassic,
  readClassicBytes,
  readClassicText,
  TooManyValues,
  toClassic,
} from './5-emit/index.ts';
export { explain } from './ast/explain.ts';
export { format } from './ast/format.ts';
export { printAst } from './ast/print.ts';
export type * from './ast/types.ts';
export {
  type Compiled,
  type CompileOptions,
  collectNames,
  compile,
  defaultSnapLen,
  type Phase,
} from './compile.ts';
export { type Diagnostic, renderDiagnostic, type Severity } from './diagnostic.ts';
export { arith, compare } from './ir/arith.ts';
export { namedInterface } from './ir/interface-name.ts';
export { printProgram, printValue } from './ir/print.ts';
export { type Interpreter, interpreter, run } from './ir/run.ts';
export type {
  Ancillary,
  AncillaryField,
  ArithOp,
  Block,
  BlockId,
  LoadSize,
  Program,
  Terminator,
  Test,
  TestOp,
  Value,
  ValueId,
} from './ir/types.ts';
export { upperBound } from './ir/upper-bound.ts';
export { verify } from './ir/verify.ts';
export { operands, successors, testOperands, valuesById } from './ir/visit.ts';
export { nearest } from './nearest.ts';
export { printPredicate } from './predicate/print.ts';
export type { Predicate } from './predicate/types.ts';
export { position, type Span } from './source.ts';
export { findLinkType, isLinkType, type LinkTypeName, linkTypes } from './tables/link-types.ts';
