import { cacheFolder, cacheKey, readCache, writeCache } from './object/cache.ts';
import { compileObject, findClang } from './object/clang.ts';
import { CLANG_FLAGS } from './object/flags.ts';
import { renderSource, type SourceOptions } from './source.ts';

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
  const source = renderSource(options);
  const clang = findClang();
  const folder = options.cache === false ? undefined : cacheFolder();
  const key = cacheKey(source, CLANG_FLAGS.join(' '), clang.identity);

  const stored = folder === undefined ? undefined : await readCache(folder, key);
  if (stored !== undefined) {
    return { bytes: stored.object, source, cached: true, clang: stored.producer };
  }
  const { signal } = options;
  const built = await compileObject(clang, source, signal === undefined ? {} : { signal });
  if (folder !== undefined) await writeCache(folder, key, built);
  return { bytes: built.object, source, cached: false, clang: built.producer };
}
