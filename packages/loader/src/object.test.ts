import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { u32 } from '../test-support/bytes.ts';
import { describeBpf } from '../test-support/describe-bpf.ts';
import { testObject } from '../test-support/objects.ts';
import { EnvironmentError } from './errors.ts';
import { BpfObject } from './object.ts';

const packet = new Uint8Array(60);

describeBpf('objects', () => {
  test('open tells the programs and maps', () => {
    const object = BpfObject.open(testObject('send'), { name: 'sender' });
    expect(object.programs).toEqual(['send_ring', 'send_perf']);
    expect(object.maps).toEqual(
      expect.arrayContaining(['ring', 'perf', 'counts', 'sender.rodata']),
    );
    object.close();
  });

  test('close is idempotent, and ends every use', () => {
    const object = BpfObject.open(testObject('send'));
    object.load();
    const program = object.program('send_ring');
    const map = object.map('counts');
    object.close();
    object.close();
    for (const use of [
      () => object.load(),
      () => object.program('send_ring'),
      () => object.map('ring'),
      () => object.setGlobal('payload', u32(1)),
      () => program.testRun(packet),
      () => program.attach(),
      () => program.info(),
      () => map.lookup(u32(0)),
      () => map.type,
    ]) {
      expect(use).toThrow('the object is closed');
    }
  });

  test('what needs the kernel needs load() first, and load() comes once', () => {
    const object = BpfObject.open(testObject('send'));
    expect(() => object.program('send_ring').testRun(packet)).toThrow('not loaded yet');
    expect(() => object.map('counts').lookup(u32(0))).toThrow('not loaded yet');
    object.load();
    expect(() => object.load()).toThrow('already loaded');
    object.close();
  });

  test('unknown names are told with those that there are', () => {
    const object = BpfObject.open(testObject('send'));
    expect(() => object.program('sendring')).toThrow(/no program sendring.*send_ring, send_perf/);
    expect(() => object.map('rong')).toThrow(/no map rong.*ring/);
    object.close();
  });

  test('what is no object is refused', () => {
    expect(() => BpfObject.open(new Uint8Array(100))).toThrow(EnvironmentError);
    expect(() => BpfObject.open(new Uint8Array(0))).toThrow(EnvironmentError);
    const cut = testObject('send').subarray(0, 5000);
    expect(() => BpfObject.open(cut)).toThrow(EnvironmentError);
  });

  test('setGlobal reaches the program, whatever the size of the variable', () => {
    const object = BpfObject.open(testObject('send'));
    object.setGlobal('retval', Uint8Array.of(1));
    object.setGlobal('payload', u32(0));
    object.setGlobal('retval', Uint8Array.of(42));
    object.load();
    expect(object.program('send_ring').testRun(packet).retval).toBe(42);
    object.close();
  });

  test('without setGlobal the initial values hold', () => {
    const object = BpfObject.open(testObject('send'));
    object.load();
    expect(object.program('send_ring').testRun(packet).retval).toBe(2);
    object.close();
  });

  test('setGlobal refuses a wrong size, an unknown name, and a loaded object', () => {
    const object = BpfObject.open(testObject('send'));
    expect(() => object.setGlobal('payload', new Uint8Array(8))).toThrow(
      new RangeError("can't set the global payload: the variable has 4 bytes, the value has 8"),
    );
    expect(() => object.setGlobal('payloads', u32(1))).toThrow(/payloads: no such variable/);
    // A map is a variable too, but of another section.
    expect(() => object.setGlobal('ring', u32(1))).toThrow(/no such variable in .rodata/);
    object.load();
    expect(() => object.setGlobal('payload', u32(1))).toThrow('already loaded');
    object.close();
  });

  test('opening and closing thirty times leaves no descriptor behind', () => {
    const before = readdirSync('/proc/self/fd').length;
    for (let i = 0; i < 30; i++) {
      const object = BpfObject.open(testObject('watch'));
      object.load();
      object.close();
    }
    expect(readdirSync('/proc/self/fd').length).toBe(before);
  });
});
