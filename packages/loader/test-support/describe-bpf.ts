import { describe } from 'vitest';
import { whyNoBpf } from './objects.ts';

const why = whyNoBpf();

/** describe() for tests that load BPF programs: skipped, and saying why, where that can't be. */
export function describeBpf(name: string, tests: () => void): void {
  if (why !== undefined) process.stderr.write(`skipped: ${name}: ${why}\n`);
  describe.skipIf(why !== undefined)(name, tests);
}
