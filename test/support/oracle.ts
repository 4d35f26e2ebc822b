import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Instruction } from '@hookdump/filter';

/** libpcap, asked in batches: see oracle.c. */
export interface Oracle {
  /** One answer for each question. */
  ask(questions: readonly string[]): string[];
  close(): void;
}

/** Builds the oracle, or says why it can't be had. */
export function openOracle(): Oracle | { readonly missing: string } {
  const folder = mkdtempSync(join(tmpdir(), 'hookdump-oracle-'));
  const binary = join(folder, 'oracle');
  const source = new URL('oracle.c', import.meta.url).pathname;
  const built = spawnSync('cc', ['-O1', '-Wall', '-o', binary, source, '-lpcap'], {
    encoding: 'utf8',
  });
  if (built.status !== 0) {
    rmSync(folder, { recursive: true });
    return { missing: `no oracle: cc with libpcap-dev is needed (${built.error ?? built.stderr})` };
  }
  return {
    ask(questions) {
      const { stdout, status } = spawnSync(binary, {
        input: `${questions.join('\n')}\n`,
        encoding: 'utf8',
        maxBuffer: 2 ** 30,
      });
      const answers = stdout.split('\n').slice(0, -1);
      if (status !== 0 || answers.length !== questions.length) {
        throw new Error(`the oracle gave ${answers.length} of ${questions.length} answers`);
      }
      return answers;
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}

/** A program as the oracle reads it. */
export function programText(program: readonly Instruction[]): string {
  return program.map(({ code, jt, jf, k }) => `${code},${jt},${jf},${k};`).join('');
}

export function hex(packet: Uint8Array): string {
  return packet.length === 0 ? '-' : Buffer.from(packet).toString('hex');
}
