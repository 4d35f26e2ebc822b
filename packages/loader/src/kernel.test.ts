import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { describeBpf } from '../test-support/describe-bpf.ts';
import { clockOffset, kernelFacts, libbpfVersion, parseCapabilities } from './kernel.ts';

test('capabilities are read by their bit numbers', () => {
  const status = (mask: string): string => `Name:\tnode\nCapPrm:\tffff\nCapEff:\t${mask}\n`;
  const none = { bpf: false, perfmon: false, netAdmin: false, sysAdmin: false };
  expect(parseCapabilities(status('0000000000000000'))).toEqual(none);
  expect(parseCapabilities(status('0000000000001000'))).toEqual({ ...none, netAdmin: true });
  expect(parseCapabilities(status('0000000000200000'))).toEqual({ ...none, sysAdmin: true });
  expect(parseCapabilities(status('0000004000000000'))).toEqual({ ...none, perfmon: true });
  expect(parseCapabilities(status('0000008000000000'))).toEqual({ ...none, bpf: true });
  expect(parseCapabilities('')).toEqual(none);
});

test('the release is what uname says', () => {
  expect(kernelFacts().release).toBe(execFileSync('uname', ['-r'], { encoding: 'utf8' }).trim());
});

describeBpf('with the addon', () => {
  test('monotonic time plus the offset is the time of day', () => {
    // process.hrtime is CLOCK_MONOTONIC in Node on Linux.
    const sum = process.hrtime.bigint() + clockOffset();
    const error = Number(sum / 1_000_000n) - Date.now();
    expect(Math.abs(error)).toBeLessThan(20);
  });

  test('two readings of the offset differ by next to nothing', () => {
    const first = clockOffset();
    const readings = Array.from({ length: 20 }, () => Number(clockOffset() - first));
    const spread = Math.max(...readings) - Math.min(...readings);
    // The time of day is slewed by 0.5 ms per s at most, adjtimex(2); the rest is reading error.
    expect(spread).toBeLessThan(50_000);
  });

  test('libbpf tells its version', () => {
    expect(libbpfVersion()).toMatch(/^v1\.\d+/);
  });
});
