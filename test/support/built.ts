import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A C program that answers each line it reads with a line, built for one test run. */
export interface Answering {
  /** One answer for each question. */
  ask(questions: readonly string[], ...args: string[]): string[];
  close(): void;
}

/** Builds it from one file, with libpcap, or says why it can't be had. */
export function buildAnswering(source: string): Answering | { readonly missing: string } {
  const folder = mkdtempSync(join(tmpdir(), 'hookdump-oracle-'));
  const binary = join(folder, 'program');
  const built = spawnSync('cc', ['-O2', '-w', '-o', binary, source, '-lpcap'], {
    encoding: 'utf8',
  });
  if (built.status !== 0) {
    rmSync(folder, { recursive: true });
    return { missing: `no oracle: cc with libpcap-dev is needed (${built.error ?? built.stderr})` };
  }
  return {
    ask(questions, ...args) {
      if (questions.length === 0) return [];
      const { stdout, status } = spawnSync(binary, args, {
        input: `${questions.join('\n')}\n`,
        encoding: 'utf8',
        maxBuffer: 2 ** 30,
      });
      const answers = stdout.split('\n').slice(0, -1);
      if (status !== 0 || answers.length !== questions.length) {
        throw new Error(`${source} gave ${answers.length} of ${questions.length} answers`);
      }
      return answers;
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}
