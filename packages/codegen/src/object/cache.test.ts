import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cacheFolder, cacheKey, pruneCache, readCache, writeCache } from './cache.ts';

const built = { object: Uint8Array.of(1, 2, 0, 3), producer: 'clang version 0' };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hd-codegen-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what was stored comes back', async () => {
  const key = cacheKey('source', 'flags');
  expect(await readCache(folder, key)).toBeUndefined();
  await writeCache(folder, key, built);
  const found = await readCache(folder, key);
  expect({ ...found, object: [...found!.object] }).toEqual({ ...built, object: [1, 2, 0, 3] });
  expect(readdirSync(folder)).toEqual([key]);
});

test('keys do not mix their parts', () => {
  expect(cacheKey('a', 'b')).not.toBe(cacheKey('ab'));
  expect(cacheKey('a', 'b')).not.toBe(cacheKey('', 'ab'));
});

test.each(['changed', 'cut', 'empty'])('an entry that is %s is not used', async (damage) => {
  await writeCache(folder, 'key', built);
  const path = join(folder, 'key');
  const bytes = readFileSync(path);
  if (damage === 'changed') bytes[bytes.length - 1]! ^= 1;
  const left = { changed: bytes.length, cut: bytes.length - 2, empty: 0 }[damage]!;
  writeFileSync(path, bytes.subarray(0, left));
  expect(await readCache(folder, 'key')).toBeUndefined();
});

test('a cache that cannot be written is no error', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  await writeCache(file, 'key', built);
  expect(await readCache(file, 'key')).toBeUndefined();
});

test('many at once', async () => {
  await Promise.all(Array.from({ length: 20 }, () => writeCache(folder, 'key', built)));
  expect(await readCache(folder, 'key')).toBeDefined();
  expect(readdirSync(folder)).toEqual(['key']);
});

test('the oldest go first', async () => {
  for (const [index, name] of ['old', 'middle', 'new'].entries()) {
    writeFileSync(join(folder, name), Buffer.alloc(100));
    utimesSync(join(folder, name), index, index);
  }
  await pruneCache(folder, 250);
  expect(readdirSync(folder).sort()).toEqual(['middle', 'new']);
});

test('where it is', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: '/x' })).toBe('/x/hookdump/objects');
  expect(cacheFolder({ XDG_CACHE_HOME: 'relative' })).toMatch(/\/\.cache\/hookdump\/objects$/);
  expect(cacheFolder({ HOOKDUMP_CACHE: 'off' })).toBeUndefined();
});
