import { buildSource } from './object/build-source.ts';
import type { DescribedFilter } from './object/description.ts';
import { linksOf, renderSource, type SourceOptions, version } from './source.ts';

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
  const source = renderSource(options);
  const built = await buildSource(source, {
    description: {
      hookdump: version(),
      filters: [describeFilter(options)],
      hooks: options.hooks.map(({ spec }) => spec),
    },
    ...(cache !== undefined && { cache }),
    ...(signal !== undefined && { signal }),
    ...(target !== undefined && { target }),
  });
  return { ...built, source };
}

/** What an object says of the filter in it. */
export function describeFilter({ name, filter, programs }: SourceOptions): DescribedFilter {
  return { ...(name !== undefined && { name }), text: filter, linkTypes: linksOf(programs) };
}
