import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

const words = ['host', 'net', 'port', 'portrange', 'proto', 'tcp', 'icmp'];

test.each([
  ['hsot', 'host'],
  ['prot', 'port'],
  ['portrang', 'portrange'],
  ['TCP', 'tcp'],
  ['icpm', 'icmp'],
  ['xy', undefined],
  ['something-else', undefined],
  ['', undefined],
])('%s is near %s', (word, expected) => {
  expect(nearest(word, words)).toBe(expected);
});
