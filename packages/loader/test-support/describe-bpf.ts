import { describe } from 'vitest';
import { whyNoBpf } from './objects.ts';

const why = whyNoBpf();

/** describe() for tests that load BPF programs: skipped, and saying why, where that can't be. */
export function describeBpf(name: string, tests: () => void): void {
  if (why !== undefined) console.warn(`skipped: ${name}: ${why}`);
  describe.skipIf(why !== undefined)(name, tests);
}
