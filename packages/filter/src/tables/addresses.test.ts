import { expect, test } from 'vitest';
import {
  formatIpv4,
  formatIpv6,
  leftJustified,
  parseIpv4,
  parseIpv6,
  parseMac,
  prefixMask6,
} from './addresses.ts';

test.each([
  ['10.0.0.1', 0x0a000001, 32],
  ['1.2', 0x01020000, 16],
  ['010.1', 0x0a010000, 16],
  ['255.255.255.255', 0xffffffff, 32],
])('%s is IPv4', (text, address, bits) => {
  expect(parseIpv4(text)).toEqual({ address, bits });
});

test.each([
  ['256.1.1.1', '256 is more than 255'],
  ['1.2.3.0x4', "'0x4' is not a decimal number"],
])('%s is not IPv4', (text, why) => {
  expect(parseIpv4(text)).toBe(why);
});

test.each([
  ['::', [0, 0, 0, 0]],
  ['::1', [0, 0, 0, 1]],
  ['fe80::1:2', [0xfe800000, 0, 0, 0x00010002]],
  ['1:2:3:4:5:6:7::', [0x10002, 0x30004, 0x50006, 0x70000]],
  ['1:2:3:4:5:6:7:8', [0x10002, 0x30004, 0x50006, 0x70008]],
  ['::ffff:1.2.3.4', [0, 0, 0xffff, 0x01020304]],
  ['1:2:3:4:5:6:1.2.3.4', [0x10002, 0x30004, 0x50006, 0x01020304]],
])('%s is IPv6', (text, words) => {
  expect(parseIpv6(text)).toEqual(words);
});

test.each([
  ['1:2:3', 'it has too few groups'],
  ['1:2:3:4::5:6:7:8', 'it has too many groups'],
  ['::1::2', "'::' stands in it twice"],
  ['12345::', "'12345' is no group of four hex digits"],
  ['::1.2.3', "'1.2.3' has not four parts"],
  ['::1.2.3.256', '256 is more than 255'],
])('%s is not IPv6', (text, why) => {
  expect(parseIpv6(text)).toBe(why);
});

test.each(['1:2:3:a:b:c', '1-2-3-a-b-c', '1.2.3.a.b.c', '0102.030a.0b0c', '0102030a0b0c'])(
  '%s is a hardware address',
  (text) => expect(parseMac(text)).toEqual([1, 2, 3, 10, 11, 12]),
);

test.each([
  [10, 0x0a000000, 0xff000000],
  [0x0a01, 0x0a010000, 0xffff0000],
  [0x0a000001, 0x0a000001, 0xffffffff],
  [0, 0, 0xffffffff],
])('net %i moves to the left by bytes', (number, address, mask) => {
  expect(leftJustified(number)).toEqual({ address, mask });
});

test('masks of prefix lengths', () => {
  expect(prefixMask6(0)).toEqual([0, 0, 0, 0]);
  expect(prefixMask6(33)).toEqual([0xffffffff, 0x80000000, 0, 0]);
  expect(prefixMask6(128)).toEqual([0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff]);
});

test.each([
  '::',
  '::1',
  '1::',
  'fe80::1:2',
  '1:2:3:4:5:6:7:8',
  '1:0:2::3:0',
  '2001:db8::1:0:0:1',
  '10:0:0:1::',
])('%s is written back', (text) => {
  expect(formatIpv6(parseIpv6(text) as number[])).toBe(text);
});

test('IPv4 is written back', () => expect(formatIpv4(0xc0a80001)).toBe('192.168.0.1'));
