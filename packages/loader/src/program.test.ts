import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { describeBpf } from '../test-support/describe-bpf.ts';
import { testObject } from '../test-support/objects.ts';
import { EnvironmentError } from './errors.ts';
import { BpfObject } from './object.ts';

describeBpf('programs', () => {
  test('testRun gives the return value, the packet and the time', async () => {
    const object = BpfObject.open(testObject('send'));
    object.load();
    const program = object.program('send_ring');
    const packet = new Uint8Array(61).map((_, i) => (i % 2 === 0 ? 0 : i));
    const result = program.testRun(packet, { repeat: 1000 });
    expect(result.retval).toBe(2);
    expect(result.data).toEqual(packet);
    expect(result.durationNs).toBeGreaterThan(0);
    expect(await program.testRunAsync(packet)).toMatchObject({ retval: 2, data: packet });
    object.close();
  });

  test('testRun refuses what the kernel refuses, and senseless repeats', async () => {
    const object = BpfObject.open(testObject('send'));
    object.load();
    const program = object.program('send_ring');
    // An Ethernet header is the least, bpf_test_init in the kernel's net/bpf/test_run.c
    expect(() => program.testRun(new Uint8Array(13))).toThrow(/can't run send_ring: .*EINVAL/);
    await expect(program.testRunAsync(new Uint8Array(13))).rejects.toThrow(EnvironmentError);
    expect(() => program.testRun(new Uint8Array(60), { repeat: 0 })).toThrow(RangeError);
    object.close();
  });

  test('closing the object during testRunAsync is harmless', async () => {
    const object = BpfObject.open(testObject('send'));
    object.load();
    const running = object
      .program('send_ring')
      .testRunAsync(new Uint8Array(60), { repeat: 50_000 });
    object.close();
    expect(await running).toMatchObject({ retval: 2 });
  });

  test('info agrees with bpftool', () => {
    const object = BpfObject.open(testObject('watch'));
    object.load();
    const info = object.program('watch_receive').info();
    const show = execFileSync('bpftool', ['-j', 'prog', 'show', 'id', String(info.id)]);
    expect(JSON.parse(show.toString())).toMatchObject({
      name: 'watch_receive',
      type: 'tracing',
      bytes_xlated: info.xlatedLength,
      bytes_jited: info.jitedLength,
    });
    expect(info.verifiedInstructions).toBeGreaterThan(0);
    expect(info.recursionMisses).toBe(0);
    object.close();
  });
});
