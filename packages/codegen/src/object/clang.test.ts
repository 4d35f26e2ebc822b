import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { noClang, skips } from '../testing/harness.ts';
import { compileObject, findClang } from './clang.ts';
import { compileFailed } from './clang-error.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hd-codegen-clang-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function script(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

test('no clang: what to install, and what works without', () => {
  expect(() => findClang({ PATH: folder })).toThrow(
    expect.objectContaining({
      name: 'ClangError',
      kind: 'missing',
      hint: expect.stringMatching(/apt install clang.*--emit c/s),
    }),
  );
});

test('HOOKDUMP_CLANG that is not there is named', () => {
  expect(() => findClang({ PATH: folder, HOOKDUMP_CLANG: '/nowhere/clang' })).toThrow(
    /HOOKDUMP_CLANG is '\/nowhere\/clang'/,
  );
});

test('a clang with a version in its name is found, an unversioned one first', () => {
  script('clang-15', 'exit 0');
  expect(findClang({ PATH: `/nonexistent:${folder}` }).path).toBe(join(folder, 'clang-15'));
  script('clang', 'exit 0');
  const found = findClang({ PATH: folder });
  expect(found.path).toBe(join(folder, 'clang'));
  expect(found.identity).not.toBe(findClang({ PATH: folder, HOOKDUMP_CLANG: 'clang-15' }).identity);
});

test('an old clang is told from a fault', async () => {
  const path = script(
    'old',
    'if [ "$1" = --version ]; then echo Debian clang version 11.0.1-2; else exit 1; fi',
  );
  await expect(compileObject({ path, identity: '' }, '')).rejects.toMatchObject({
    kind: 'too-old',
    message: expect.stringContaining('clang version 11.0.1'),
  });
});

test('what is no program is missing', async () => {
  await expect(
    compileObject({ path: join(folder, 'gone'), identity: '' }, ''),
  ).rejects.toMatchObject({
    kind: 'missing',
  });
});

test('a clang that does not end is ended, and nothing is left behind', async () => {
  const path = script('slow', 'exec sleep 60');
  vi.stubEnv('TMPDIR', folder);
  const before = readdirSync(folder);
  await expect(compileObject({ path, identity: '' }, '', { timeout: 100 })).rejects.toMatchObject({
    kind: 'failed',
    message: expect.stringContaining('within 0.1 s'),
  });
  vi.unstubAllEnvs();
  expect(readdirSync(folder)).toEqual(before);
});

test('an interrupted build rejects with the reason', async () => {
  const path = script('slow2', 'exec sleep 60');
  const reason = new Error('interrupted');
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 100);
  for (const signal of [controller.signal, AbortSignal.abort(reason)]) {
    await expect(compileObject({ path, identity: '' }, '', { signal })).rejects.toBe(reason);
  }
});

test('a limit of BPF is explained', () => {
  const log = [
    'filter.bpf.c:3:5: note: something before',
    'error: filter.bpf.c:9:0: in function f i32 (ptr): Looks like the BPF stack limit of 512 bytes is exceeded.',
    '1 error generated.',
  ].join('\n');
  const error = compileFailed('clang', log);
  expect(error.message).toContain('BPF stack limit of 512 bytes');
  expect(error.hint).toContain('512 bytes of stack');
  expect(error.log).toBe(log);
});

const skip = skips('clang errors', noClang());

test.skipIf(skip)('clang is quoted, and its log kept', async () => {
  await expect(compileObject(findClang(), 'int f(void) { return x; }\n')).rejects.toMatchObject({
    kind: 'failed',
    message: expect.stringMatching(
      /could not build the filter:\nfilter\.bpf\.c:1:\d+: error: use of undeclared/,
    ),
    log: expect.stringContaining('1 error generated'),
  });
});

test.skipIf(skip)('the real stack limit is recognised', async () => {
  const source = 'void g(char *);\nvoid f(void);\nvoid f(void) { char big[600]; g(big); }\n';
  await expect(compileObject(findClang(), source)).rejects.toMatchObject({
    hint: expect.stringContaining('512 bytes of stack'),
  });
});
