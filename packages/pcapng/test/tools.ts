/** The programs that we compare with: they read what we write, and write what we read. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export interface ToolResult {
  readonly status: number | null;
  readonly stdout: Uint8Array;
  readonly text: string;
  readonly stderr: string;
}

export function run(tool: string, args: readonly string[], input?: Uint8Array): ToolResult {
  const result = spawnSync(tool, args, {
    ...(input !== undefined && { input }),
    env: { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8' },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.error !== undefined) throw result.error;
  return {
    status: result.status,
    stdout: result.stdout,
    text: result.stdout.toString(),
    stderr: result.stderr.toString(),
  };
}

/** True, with the reason printed, if one of the programs is not on this machine. */
export function missing(...tools: string[]): boolean {
  const absent = tools.filter((tool) => spawnSync(tool, ['--version']).error !== undefined);
  if (absent.length > 0) console.warn(`skipped: ${absent.join(', ')} not installed`);
  return absent.length > 0;
}

/** A directory for the test file's lifetime, made at first use: hooks don't run if all is skipped. */
export function scratch(): {
  path(name: string): string;
  put(name: string, bytes: Uint8Array): string;
  get(name: string): Uint8Array;
} {
  let directory: string | undefined;
  afterAll(() => {
    if (directory !== undefined) rmSync(directory, { recursive: true });
  });
  const path = (name: string) => {
    directory ??= mkdtempSync(join(tmpdir(), 'hookdump-pcapng-'));
    return join(directory, name);
  };
  return {
    path,
    put(name, bytes) {
      writeFileSync(path(name), bytes);
      return path(name);
    },
    get: (name) => readFileSync(path(name)),
  };
}

/** Gathers a writer's chunks, copying them as the contract asks. */
export function collector(): { write(chunk: Uint8Array): void; bytes(): Uint8Array } {
  const chunks: Uint8Array[] = [];
  return {
    write: (chunk) => void chunks.push(chunk.slice()),
    bytes: () => Buffer.concat(chunks),
  };
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
