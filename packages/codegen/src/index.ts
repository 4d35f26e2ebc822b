export { type BuildOptions, type Built, buildObject } from './build-object.ts';
export { type EmitOptions, emitC, windowBytes } from './emit-c.ts';
export { hookKinds, parseHook } from './hooks/index.ts';
export type { Hook, HookKind, HookResult, KernelNeeds, LinkType } from './hooks/types.ts';
export { ClangError, type ClangErrorKind } from './object/clang-error.ts';
export { renderSource, type SourceOptions } from './source.ts';
