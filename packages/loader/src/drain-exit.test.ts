import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeBpf } from '../test-support/describe-bpf.ts';
import { testObject } from '../test-support/objects.ts';

const child = fileURLToPath(new URL('../test-support/drain-child.mjs', import.meta.url));

describeBpf('a process with a drain', () => {
  let work: string;
  let file: string;
  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'hookdump-loader-'));
    file = join(work, 'send.o');
    writeFileSync(file, testObject('send'));
  });
  afterAll(() => rmSync(work, { recursive: true }));

  function run(
    how: string,
    timeout = 30_000,
  ): { status: number | null; signal: string | null; out: string } {
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, [child, file, how], {
      encoding: 'utf8',
      timeout,
    });
    return { status, signal, out: stdout + stderr };
  }

  test('can exit in the midst of traffic', () => {
    for (let i = 0; i < 10; i++) {
      expect(run('exit')).toEqual({ status: 7, signal: null, out: '' });
    }
  });

  test('ends by itself once the object is closed', () => {
    expect(run('end')).toEqual({ status: 0, signal: null, out: '50000\n' });
  });

  test('is kept alive by an open drain', () => {
    expect(run('stay', 1500)).toEqual({ status: null, signal: 'SIGTERM', out: '' });
  });

  test('sees an error of onBatch as an uncaught one, and goes on', () => {
    expect(run('throw')).toEqual({ status: 0, signal: null, out: 'from onBatch,from onBatch\n' });
  });

  test('can end worker threads that drain', () => {
    expect(run('worker')).toEqual({ status: 0, signal: null, out: 'terminated\n' });
  });
});
