import { defineConfig } from 'vitest/config';

/**
 * Units sit beside their source; `test/` holds what crosses packages. `kernel` needs root, BTF and
 * BPF, and runs in guests too (tools/guest): it is the only project that touches a kernel.
 */
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts'],
        },
      },
      { extends: true, test: { name: 'filter', include: ['test/filter/**/*.test.ts'] } },
      { extends: true, test: { name: 'cli', include: ['test/cli/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'kernel',
          include: ['test/kernel/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
          // All in one worker, which imports everything once: emulated guests need a minute for that.
          isolate: false,
        },
      },
    ],
  },
});
