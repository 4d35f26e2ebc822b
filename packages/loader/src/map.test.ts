import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { u32, u64 } from '../test-support/bytes.ts';
import { describeBpf } from '../test-support/describe-bpf.ts';
import { testObject } from '../test-support/objects.ts';
import { EnvironmentError } from './errors.ts';
import { BpfObject } from './object.ts';

describeBpf('maps', () => {
  test('tell what they are', () => {
    const object = BpfObject.open(testObject('send'));
    object.load();
    expect(object.map('ring')).toMatchObject({ type: 'ringbuf', maxEntries: 1 << 20 });
    expect(object.map('perf')).toMatchObject({
      type: 'perf_event_array',
      keySize: 4,
      valueSize: 4,
    });
    expect(object.map('counts')).toMatchObject({ type: 'array', valueSize: 16, maxEntries: 1 });
    object.close();
  });

  test('a hash: update, lookup, no such key, full', () => {
    const object = BpfObject.open(testObject('watch'));
    object.load();
    const table = object.map('table');
    expect(table.lookup(u32(7))).toBeUndefined();
    table.update(u32(7), u64(0x1122334455667788n));
    table.update(u32(7), u64(0x8877665544332211n));
    expect(table.lookup(u32(7))).toEqual(u64(0x8877665544332211n));
    for (const key of [1, 2, 3]) table.update(u32(key), u64(0n));
    expect(() => table.update(u32(4), u64(0n))).toThrow(EnvironmentError);
    expect(() => table.lookup(new Uint8Array(3))).toThrow(/keys of map table have 4 bytes, not 3/);
    expect(() => table.update(u32(1), u32(1))).toThrow(/values of map table have 8 bytes, not 4/);
    object.close();
  });

  test('a per-CPU map gives one value for each CPU, of the size that was asked for', () => {
    const object = BpfObject.open(testObject('watch'));
    object.load();
    const percpu = object.map('percpu');
    const repeat = 1000;
    object.program('watch_xdp').testRun(new Uint8Array(60), { repeat });
    const values = percpu.lookupPerCpu(u32(1));
    expect(values.length).toBeGreaterThanOrEqual(availableParallelism());
    expect(new Set(values.map((value) => value.length))).toEqual(new Set([12]));
    const counts = values.map((value) =>
      new DataView(value.buffer, value.byteOffset).getUint32(0, true),
    );
    expect(counts.reduce((a, b) => a + b)).toBe(repeat);
    expect(percpu.lookupPerCpu(u32(9))).toEqual([]);
    expect(() => percpu.lookup(u32(1))).toThrow('use lookupPerCpu');
    expect(() => object.map('table').lookupPerCpu(u32(1))).toThrow('use lookup');
    object.close();
  });
});
