// Vitest reporter of this repository: silent about what passes, failures as Vitest's own reporter
// shows them, every reason for skipping once, and last a plain line `N passed, N failed, N skipped`,
// which tools/test adds up over its runs (here, under another Node, in guests).

import { MinimalReporter } from 'vitest/node';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** How a test file says, while it is loaded, why it skips tests with `skipIf`. */
const SAID = /^skipped: (.+)$/gm;

export default class CountingReporter extends MinimalReporter {
  /** What test files said of tests that have no note of their own. */
  said = new Set();

  onUserConsoleLog(log) {
    for (const [, reason] of log.content.matchAll(SAID)) this.said.add(reason);
    super.onUserConsoleLog?.(log);
  }

  /** In the place of the banner that Vitest's reporters begin with. */
  onInit(vitest) {
    this.ctx = vitest;
  }

  /** In the place of Vitest's table of totals; the errors above it stay. */
  reportTestSummary() {}

  /** In a guest, which may be ended before the run is: how far it came, and what takes the time. */
  onTestModuleEnd(module) {
    super.onTestModuleEnd?.(module);
    if (!process.env.HOOKDUMP_GUEST) return;
    const { passed, failed, skipped } = count([module], []);
    const seconds = Math.round(module.diagnostic().duration / 1000);
    console.log(
      `${module.relativeModuleId}: ${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds} s`,
    );
  }

  onTestRunEnd(testModules, unhandledErrors, reason) {
    if (testModules.length > 0 || unhandledErrors.length > 0) {
      super.onTestRunEnd(testModules, unhandledErrors, reason);
    }
    for (const [reason, tests] of skipReasons(testModules, [...this.said].join('; '))) {
      const others = tests.length > 1 ? ` and ${tests.length - 1} more` : '';
      console.log(`SKIP ${reason}: ${tests[0]}${others}`);
    }
    const { passed, failed, skipped } = count(testModules, unhandledErrors);
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  }
}

/**
 * Beside failed tests, whatever else failed counts: a file that does not load, a hook around a suite,
 * an error outside any test, a test that never came to an end.
 * @returns {Counts}
 */
function count(testModules, unhandledErrors) {
  const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
  for (const module of testModules) {
    counts.failed += module.errors().length;
    for (const suite of module.children.allSuites()) counts.failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      counts[state === 'pending' ? 'failed' : state] += 1;
    }
  }
  return counts;
}

/**
 * Reason, as given to `context.skip(reason)`, to the full names of the tests skipped for it; tests
 * that were skipped before they began go under what was said meanwhile.
 */
function skipReasons(testModules, said) {
  const reasons = new Map();
  for (const module of testModules) {
    for (const test of module.children.allTests('skipped')) {
      const reason = test.result().note ?? (said || '(no reason given)');
      const name = `${module.relativeModuleId} > ${test.fullName}`;
      reasons.set(reason, [...(reasons.get(reason) ?? []), name]);
    }
  }
  return reasons;
}
