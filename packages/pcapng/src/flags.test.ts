import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildPacketFlags, type PacketFlags, parsePacketFlags } from './flags.ts';

test('every field has its own bits', () => {
  expect(buildPacketFlags({ direction: 'inbound' })).toBe(0x1);
  expect(buildPacketFlags({ direction: 'outbound' })).toBe(0x2);
  expect(buildPacketFlags({ reception: 'unicast' })).toBe(0x4);
  expect(buildPacketFlags({ reception: 'promiscuous' })).toBe(0x10);
  expect(buildPacketFlags({ fcsLength: 4 })).toBe(0x80);
  expect(buildPacketFlags({ checksumNotReady: true })).toBe(0x200);
  expect(buildPacketFlags({ checksumValid: true })).toBe(0x400);
  expect(buildPacketFlags({ segmentationOffload: true })).toBe(0x800);
  expect(buildPacketFlags({ linkErrors: 0x8000 })).toBe(0x80000000);
});

test('parse is the inverse of build', () => {
  const flags = fc.record(
    {
      direction: fc.constantFrom('inbound', 'outbound'),
      reception: fc.constantFrom('unicast', 'multicast', 'broadcast', 'promiscuous'),
      fcsLength: fc.integer({ min: 1, max: 15 }),
      checksumNotReady: fc.constant(true),
      checksumValid: fc.constant(true),
      segmentationOffload: fc.constant(true),
      linkErrors: fc.integer({ min: 1, max: 0xffff }),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<PacketFlags>;
  fc.assert(
    fc.property(flags, (value) => {
      expect(parsePacketFlags(buildPacketFlags(value))).toEqual(value);
    }),
  );
});

test('parse leaves out values without a meaning', () => {
  expect(parsePacketFlags(0x3 | (7 << 2) | (0xf << 12))).toEqual({});
});

test('a field too large is refused', () => {
  expect(() => buildPacketFlags({ fcsLength: 16 })).toThrow('fcsLength 16 does not fit in 4 bits');
  expect(() => buildPacketFlags({ linkErrors: -1 })).toThrow(RangeError);
});
