import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Compiled } from './clang.ts';

/** More than this, and the oldest objects go: several thousand filters. */
const MAX_BYTES = 256 * 1024 * 1024;

const HASH_BYTES = 32;

/**
 * Objects by what they were built from: `${XDG_CACHE_HOME:-~/.cache}/hookdump/objects`. An entry is a
 * SHA-256, then what it is of: the compiler's name, a NUL, the object. A cache that cannot be read or
 * written is a slow cache, never an error.
 *
 * @returns the folder; `undefined` where `HOOKDUMP_CACHE=off` wants none
 */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  if (environment.HOOKDUMP_CACHE === 'off') return undefined;
  const base = environment.XDG_CACHE_HOME;
  // The XDG base directory specification: a relative path is to be ignored.
  const root = base?.startsWith('/') ? base : join(homedir(), '.cache');
  return join(root, 'hookdump', 'objects');
}

/** The key of what is built from these. */
export function cacheKey(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('hex');
}

/** What was built; `undefined` if there is nothing, or something that is not whole. */
export async function readCache(folder: string, key: string): Promise<Compiled | undefined> {
  try {
    // A few kilobytes: to wake up another thread for them would take longer.
    const entry = readFileSync(join(folder, key));
    const content = entry.subarray(HASH_BYTES);
    const end = content.indexOf(0);
    if (end < 0 || !digest(content).equals(entry.subarray(0, HASH_BYTES))) return undefined;
    return { producer: content.toString('utf8', 0, end), object: content.subarray(end + 1) };
  } catch {
    return undefined;
  }
}

/** Stores an object; other processes see all of it or nothing. */
export async function writeCache(folder: string, key: string, built: Compiled): Promise<void> {
  const temporary = join(folder, `.${key}.${randomUUID()}`);
  const content = Buffer.concat([Buffer.from(`${built.producer}\0`), built.object]);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(temporary, Buffer.concat([digest(content), content]), { flag: 'wx' });
    await rename(temporary, join(folder, key));
    // Looking at every entry is dear and a little too much is no harm: one write in 16 does it.
    if (key.startsWith('0')) await pruneCache(folder, MAX_BYTES);
  } catch {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

/** Deletes the oldest entries until the rest has at most `limit` bytes. */
export async function pruneCache(folder: string, limit: number): Promise<void> {
  const names = await readdir(folder);
  const entries = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      // Another process may have deleted it meanwhile.
      const file = await stat(path).catch(() => undefined);
      return { path, size: file?.size ?? 0, time: file?.mtimeMs ?? 0 };
    }),
  );
  let total = entries.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of entries.sort((a, b) => a.time - b.time)) {
    if (total <= limit) break;
    await rm(path, { force: true });
    total -= size;
  }
}

const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
