import { codeIdentity } from '../identity.ts';
import { readableAssembly } from './assembly.ts';
import { cacheFolder, cacheKey, readCache, writeCache } from './cache.ts';
import {
  type CompileOptions,
  compileAssembly,
  compileObject,
  findClang,
  quotesAllLines,
  SOURCE,
} from './clang.ts';
import { type Description, describeObject } from './description.ts';
import { clangArguments, ownTarget } from './flags.ts';

export interface SourceBuildOptions extends CompileOptions {
  /** `false`: neither look into the cache nor store in it. */
  readonly cache?: boolean;
  /** All that the source is made of, by which the cache then knows it: it is asked for only if needed. */
  readonly input?: string;
  /** What the object is to say of itself. */
  readonly description: Omit<Description, 'format' | 'target' | 'clang'>;
}

export interface BuiltSource {
  /** The ELF object. */
  readonly bytes: Uint8Array;
  readonly cached: boolean;
  /** The compiler, such as `Debian clang version 14.0.6`. */
  readonly clang: string;
  /** What clang warned of in C that somebody else wrote; empty where the source is ours. */
  readonly warnings: string;
}

/**
 * C to an object that says what it is. Same input, same bytes, for one version of clang.
 *
 * @throws ClangError
 */
export async function buildSource(
  source: string | (() => string),
  options: SourceBuildOptions,
): Promise<BuiltSource> {
  const { target = ownTarget(), description } = options;
  const clang = findClang();
  const text = typeof source === 'string' ? () => source : source;
  // What somebody else's C includes is not known.
  const isCacheable = options.cache !== false && options.foreign === undefined;
  const folder = isCacheable ? cacheFolder() : undefined;
  const key = cacheKey(
    // What is left of debug information is our own code's doing, which the source does not tell.
    options.input ?? `${codeIdentity() ?? ''}\n${text()}`,
    clangArguments('', '', target).join(' '),
    clang.identity,
    JSON.stringify(description),
    String(quotesAllLines(options)),
  );
  const stored = folder === undefined ? undefined : await readCache(folder, key);
  if (stored !== undefined) {
    return { bytes: stored.object, cached: true, clang: stored.producer, warnings: '' };
  }
  const { object, producer, log = '' } = await compileObject(clang, text(), options);
  const bytes = describeObject(object, { ...description, target, clang: producer });
  if (folder !== undefined) await writeCache(folder, key, { object: bytes, producer });
  return { bytes, cached: false, clang: producer, warnings: log };
}

/**
 * C to what would be in its object, as text: instructions below the lines they were made of.
 *
 * @throws ClangError
 */
export async function assembleSource(
  source: string,
  options: CompileOptions = {},
): Promise<string> {
  const assembly = await compileAssembly(findClang(), source, options);
  const main = options.foreign?.name ?? SOURCE;
  return readableAssembly(assembly, main, { ...options.files, [main]: source });
}
