import { describe, expect, test } from 'vitest';
import { handMade } from '../test/hand-made.ts';
import type { CaptureBlock } from './blocks.ts';
import { CaptureReader, readCapture } from './reader.ts';

const data = Uint8Array.of(1, 2, 3, 4, 5);

test.each([
  ['nothing', '', 'truncated', 'the file is empty'],
  ['three bytes', '0a0d0d', 'truncated', 'after 3 bytes'],
  ['text', '68656c6c6f0a', 'not-a-capture', 'neither a pcapng nor a pcap file'],
  ['gzip', '1f8b0800', 'unsupported', 'gunzip it first'],
])('no capture file: %s', (_, bytes, code, message) => {
  const capture = readCapture(Buffer.from(bytes, 'hex'));
  expect(capture.error).toMatchObject({ code, offset: 0 });
  expect(capture.error?.message).toContain(message);
  expect(capture.packets).toEqual([]);
});

describe('CaptureReader', () => {
  const make = handMade(true);
  const whole = Buffer.concat([
    make.section(),
    make.interface(1, 0),
    make.enhanced(0, 1n, data, 5),
    make.enhanced(0, 2n, data, 5),
  ]);

  test('byte by byte, from one reused chunk', () => {
    const reader = new CaptureReader();
    const chunk = new Uint8Array(1);
    const blocks: CaptureBlock[] = [];
    for (const byte of whole) {
      chunk[0] = byte;
      blocks.push(...reader.push(chunk));
    }
    chunk[0] = 0xff;
    reader.end();
    expect(reader.format).toBe('pcapng');
    const { sections, interfaces, packets } = readCapture(whole);
    expect(blocks).toEqual([...sections, ...interfaces, ...packets]);
  });

  test('what is left of one push comes with the next', () => {
    const reader = new CaptureReader();
    for (const block of reader.push(whole)) {
      expect(block.kind).toBe('section');
      break;
    }
    expect([...reader.push(new Uint8Array(0))].map((block) => block.kind)).toEqual([
      'interface',
      'packet',
      'packet',
    ]);
    reader.end();
  });

  test('blocks in front of an error come first; the error stays', () => {
    const reader = new CaptureReader();
    const kinds: string[] = [];
    const read = (chunk: Uint8Array) => {
      for (const block of reader.push(chunk)) kinds.push(block.kind);
    };
    const bad = Buffer.concat([whole, make.enhanced(7, 0n, data, 5), whole]);
    const message = `byte ${whole.length + 8}: interface 7 is not described`;
    expect(() => read(bad)).toThrow(message);
    expect(kinds).toEqual(['section', 'interface', 'packet', 'packet']);
    expect(() => read(whole)).toThrow(message);
    expect(() => reader.end()).toThrow(message);
  });

  test('maxBlockLength bounds what is waited for', () => {
    const reader = new CaptureReader({ maxBlockLength: 64 });
    const long = Buffer.concat([make.section(), make.u32(99), make.u32(68), make.u32(0)]);
    expect(() => [...reader.push(long)]).toThrow('block of 68 bytes; at most 64 are allowed');
  });
});
