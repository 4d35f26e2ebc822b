import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeBpf } from '../test-support/describe-bpf.ts';
import { isHungUp } from './hung-up.ts';

describeBpf('isHungUp', () => {
  test('a pipe is hung up when its reader has gone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hookdump-fifo-'));
    const path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(path, 'w');
    expect(isHungUp(writer)).toBe(false);
    closeSync(reader);
    expect(isHungUp(writer)).toBe(true);
    closeSync(writer);
    rmSync(folder, { recursive: true });
  });

  test("a file isn't", () => {
    const file = openSync('/dev/null', 'w');
    expect(isHungUp(file)).toBe(false);
    closeSync(file);
  });
});
