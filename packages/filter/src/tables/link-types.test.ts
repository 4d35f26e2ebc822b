import { expect, test } from 'vitest';
import { otherLinkTypeNames } from './link-type-names.ts';
import { findLinkType, isLinkType, linkTypes } from './link-types.ts';

test('no two link types have the same number or description', () => {
  const all = Object.values(linkTypes);
  expect(new Set(all.map(({ value }) => value)).size).toBe(all.length);
  expect(new Set(all.map(({ description }) => description)).size).toBe(all.length);
});

test.each([
  ['en10mb', 'EN10MB'],
  ['DLT_EN10MB', 'EN10MB'],
  ['dlt_linux_sll2', 'LINUX_SLL2'],
  ['Raw', 'RAW'],
  ['EN10', undefined],
  ['DLT_', undefined],
  ['toString', undefined],
  ['', undefined],
])('%o is %s', (name, expected) => {
  expect(findLinkType(name)).toBe(expected);
});

test('a name is as it is written, or it is none', () => {
  expect(isLinkType('EN10MB')).toBe(true);
  expect(isLinkType('en10mb')).toBe(false);
  expect(isLinkType('hasOwnProperty')).toBe(false);
});

test('other names are none of ours, and stand for one', () => {
  for (const [name, meant] of otherLinkTypeNames) {
    expect([name, findLinkType(name), isLinkType(meant)]).toEqual([name, undefined, true]);
  }
});
