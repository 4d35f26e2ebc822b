import { expect, test } from 'vitest';
import { drainSettings } from './drain-options.ts';

const onBatch = (): void => {};

test('defaults share 16 MiB of perf buffers among the CPUs, within limits', () => {
  const bufferBytes = (cpus: number): number =>
    drainSettings('perf_event_array', { onBatch }, cpus).bufferBytes;
  expect([1, 4, 16, 64, 512].map(bufferBytes)).toEqual(
    [4096, 4096, 1024, 256, 256].map((kib) => kib * 1024),
  );
  expect(drainSettings('ringbuf', { onBatch })).toMatchObject({
    batchBytes: 262144,
    wakeupBytes: 65536,
    flushMs: 10,
  });
});

test('refuses other maps and senseless numbers', () => {
  expect(() => drainSettings('hash', { onBatch })).toThrow(TypeError);
  for (const wrong of [
    { bufferBytes: 0 },
    { batchBytes: 1.5 },
    { wakeupBytes: -1 },
    { flushMs: 0 },
    { flushMs: Number.NaN },
  ]) {
    expect(() => drainSettings('ringbuf', { onBatch, ...wrong })).toThrow(RangeError);
  }
});
