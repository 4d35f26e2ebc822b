import { codeIdentity } from './identity.ts';
import { buildSource } from './object/build-source.ts';
import type { DescribedFilter } from './object/description.ts';
import { linksOf, renderSource, type SourceOptions, version } from './source/render.ts';

export interface BuildOptions extends SourceOptions {
  /** `false`: neither look into the cache nor store in it. */
  readonly cache?: boolean;
  /** Ends the build, and clang with it; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface Built {
  /** The ELF object. */
  readonly bytes: Uint8Array;
  /** The C that it was built from. */
  readonly source: string;
  readonly cached: boolean;
  /** The compiler, such as `Debian clang version 14.0.6`. */
  readonly clang: string;
}

/**
 * Builds the object of a filter at some hooks. Same input, same bytes, for one version of clang.
 *
 * @throws ClangError if there is no clang, or if it does not build this; RangeError for hooks that
 *   cannot stand in one object
 */
export async function buildObject(options: BuildOptions): Promise<Built> {
  const { cache, signal, target } = options;
  const input = cache === false ? undefined : describeInput(options);
  let source: string | undefined;
  const render = (): string => {
    source ??= renderSource(options);
    return source;
  };
  const { bytes, cached, clang } = await buildSource(render, {
    description: {
      hookdump: version(),
      filters: [describeFilter(options)],
      hooks: options.hooks.map(({ spec }) => spec),
    },
    ...(input !== undefined && { input }),
    ...(cache !== undefined && { cache }),
    ...(signal !== undefined && { signal }),
    ...(target !== undefined && { target }),
  });
  return {
    bytes,
    cached,
    clang,
    get source() {
      return render();
    },
  };
}

/**
 * All that the source is made of, what the caller gives and our own code; `undefined`: not known. To
 * emit C takes longer than to find it in the cache.
 */
function describeInput({ cache, signal, hooks, ...rest }: BuildOptions): string | undefined {
  const code = codeIdentity();
  if (code === undefined) return undefined;
  const named = hooks.map(({ kind, ...hook }) => ({ kind: kind.kind, ...hook }));
  return JSON.stringify([code, named, rest]);
}

/** What an object says of the filter in it. */
export function describeFilter(options: SourceOptions): DescribedFilter {
  const { name, filter, programs, branchFree } = options;
  return {
    ...(name !== undefined && { name }),
    text: filter,
    linkTypes: linksOf(programs),
    ...(branchFree && { branchFree }),
  };
}
