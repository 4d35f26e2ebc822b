import {
  cacheFolder,
  cacheKey,
  readCache,
  writeCache,
} from '../../../packages/codegen/src/object/cache.ts';
import {
  type Clang,
  type CompileOptions,
  compileObject,
} from '../../../packages/codegen/src/object/clang.ts';
import { clangArguments } from '../../../packages/codegen/src/object/flags.ts';

/**
 * The object of a C text that only tests have, out of the cache where it has been built before: a
 * guest finds there what the machine has built, and needs no clang.
 */
export async function compiled(
  clang: Clang,
  source: string,
  options: Pick<CompileOptions, 'timeout'> = {},
): Promise<Uint8Array> {
  const folder = cacheFolder();
  const key = cacheKey('test', source, clangArguments('', '').join(' '), clang.identity);
  const stored = folder === undefined ? undefined : await readCache(folder, key);
  if (stored !== undefined) return stored.object;
  const built = await compileObject(clang, source, options);
  if (folder !== undefined) await writeCache(folder, key, built);
  return built.object;
}
