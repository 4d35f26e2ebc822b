import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kernelFacts } from '../src/kernel.ts';

/** Why tests that load BPF can't run here; undefined if they can. */
export function whyNoBpf(): string | undefined {
  const { btf, capabilities } = kernelFacts();
  if (spawnSync('clang', ['--version']).status !== 0) return 'no clang';
  if (!capabilities.sysAdmin || !capabilities.netAdmin) return 'not root';
  if (!btf) return 'the kernel has no BTF';
  return undefined;
}

const built = new Map<string, Uint8Array>();

/** Builds test-objects/NAME.bpf.c, with DEFINE defined, once per process. */
export function testObject(name: string, define = 'NOTHING'): Uint8Array {
  const known = built.get(`${name} ${define}`);
  if (known !== undefined) return known;
  const folder = fileURLToPath(new URL('../test-objects/', import.meta.url));
  const work = mkdtempSync(join(tmpdir(), 'hookdump-loader-'));
  try {
    const output = join(work, 'object.o');
    const options = ['-target', 'bpf', '-O2', '-g', '-Wall', '-Werror', `-D${define}`];
    const args = [...options, '-c', `${name}.bpf.c`, '-o', output];
    const run = spawnSync('clang', args, { cwd: folder, encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`clang can't build ${name}: ${run.stderr}`);
    const bytes = new Uint8Array(readFileSync(output));
    built.set(`${name} ${define}`, bytes);
    return bytes;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
