import { describe, expect, test } from 'vitest';
import { handMade } from '../test/hand-made.ts';
import { readCapture } from './reader.ts';

const data = Uint8Array.of(1, 2, 3, 4, 5);

describe('classic pcap', () => {
  const header = (magic: number, little: boolean, version: [number, number] = [2, 4]) => {
    const { u16, u32 } = handMade(little);
    return Buffer.concat([
      ...[u32(magic), u16(version[0]), u16(version[1])],
      ...[u32(0), u32(0), u32(65535), u32(101)],
    ]);
  };

  test.each([
    ['little-endian microseconds', 0xa1b2c3d4, true, 3_000_000_000n + 7_000n],
    ['big-endian microseconds', 0xa1b2c3d4, false, 3_000_000_000n + 7_000n],
    ['little-endian nanoseconds', 0xa1b23c4d, true, 3_000_000_000n + 7n],
    ['big-endian nanoseconds', 0xa1b23c4d, false, 3_000_000_000n + 7n],
  ])('%s', (_, magic, little, timestamp) => {
    const { u32 } = handMade(little);
    const whole = Buffer.concat([header(magic, little), u32(3), u32(7), u32(5), u32(50), data]);
    const { format, interfaces, packets, error } = readCapture(whole);
    expect(error).toBeUndefined();
    expect(format).toBe('pcap');
    expect(interfaces).toMatchObject([{ id: 0, linkType: 101, snapLen: 65535 }]);
    expect(packets).toEqual([
      { kind: 'packet', interface: 0, timestamp, originalLength: 50, data, options: {} },
    ]);
    expect(readCapture(whole.subarray(0, -1)).error).toMatchObject({
      code: 'truncated',
      offset: 24,
    });
    expect(readCapture(whole.subarray(0, 20)).error).toMatchObject({
      code: 'truncated',
      offset: 0,
    });
  });

  test('a packet longer than allowed, an old version', () => {
    const { u32 } = handMade(true);
    const huge = Buffer.concat([header(0xa1b2c3d4, true), u32(0), u32(0), u32(0xffffffff), u32(0)]);
    expect(readCapture(huge).error).toMatchObject({ code: 'malformed', offset: 32 });
    const old = readCapture(header(0xa1b2c3d4, true, [2, 2])).error;
    expect(old).toMatchObject({ code: 'unsupported', offset: 4 });
  });
});
