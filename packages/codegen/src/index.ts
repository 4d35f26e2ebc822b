export { type BuildOptions, type Built, buildObject, describeFilter } from './build-object.ts';
export { type EmitOptions, emitC, windowBytes } from './emit-c.ts';
export { hookKinds, parseHook } from './hooks/index.ts';
export type { Hook, HookKind, HookResult, KernelNeeds, LinkType } from './hooks/types.ts';
export {
  assembleSource,
  type BuiltSource,
  buildSource,
  type SourceBuildOptions,
} from './object/build-source.ts';
export { ClangError, type ClangErrorKind } from './object/clang-error.ts';
export {
  type DescribedFilter,
  type Description,
  type Inspected,
  inspectObject,
  type ObjectProgram,
} from './object/description.ts';
export { NotAnObject } from './object/elf.ts';
export { type Target, targets } from './object/flags.ts';
export { pruneDeclarations } from './source/declarations/prune.ts';
export { renderSource, type SourceOptions, version } from './source/render.ts';
export { renderSources } from './source/several.ts';
export {
  asksForSnippets,
  insertSnippets,
  renderSnippets,
  SNIPPET_HEADER,
  takesSnippets,
} from './source/snippet.ts';
