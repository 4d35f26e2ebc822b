import { expect, test } from 'vitest';
import { parse } from '../1-parse/index.ts';
import { collectNames, lookUpPort, lookUpProtocol, type NeededNames, rangeEnds } from './names.ts';

const nobody: NeededNames = { hosts: [], networks: [], ports: [], ethers: [], protocols: [] };

const needed: [text: string, names: Partial<NeededNames>][] = [
  ['host a and not b', { hosts: ['a', 'b'] }],
  ['src a or a', { hosts: ['a'] }],
  ['ip6 host a or arp host b', { hosts: ['a', 'b'] }],
  ['net a or (b or c)', { networks: ['a', 'b', 'c'] }],
  ['tcp port http or ssh', { ports: ['http', 'ssh'] }],
  ['portrange ftp-http', { ports: ['ftp', 'http'] }],
  ['portrange 80-http', { ports: ['http'] }],
  ['portrange ftp-data-90', {}],
  ['port 80 or 443', {}],
  ['ether host a or wlan src b', { ethers: ['a', 'b'] }],
  ['gateway a', { hosts: ['a'], ethers: ['a'] }],
  ['proto ospf or proto own', { protocols: ['own'] }],
  ['ip protochain own', { protocols: ['own'] }],
  ['ether proto own or iso proto own', {}],
  ['host a or (port b) or c', { hosts: ['a', 'c'], ports: ['b'] }],
  // Never right, whatever they are.
  ['tcp host a or decnet host b or icmp port c or ether net d', {}],
  ['vlan and host a or len > 5', { hosts: ['a'] }],
];

test.each(needed)('%s', (text, names) => {
  const { ast, diagnostics } = parse(text);
  expect(diagnostics).toEqual([]);
  expect(collectNames(ast)).toEqual({ ...nobody, ...names });
});

test('the empty filter needs none', () => expect(collectNames(undefined)).toEqual(nobody));

test('ranges have two ends and one dash', () => {
  expect(rangeEnds('80-90')).toEqual(['80', '90']);
  expect(rangeEnds('80')).toEqual(['80']);
  for (const text of ['80-', '-80', '1-2-3', '-']) expect(rangeEnds(text)).toBeUndefined();
});

test('what is resolved goes before the table for ports, and behind it for protocols', () => {
  expect(lookUpPort('http', {})).toEqual({ tcp: 80 });
  expect(lookUpPort('http', { ports: new Map([['http', { udp: 8 }]]) })).toEqual({ udp: 8 });
  expect(lookUpPort('constructor', {})).toBeUndefined();
  const protocols = new Map([
    ['tcp', 7],
    ['own', 200],
  ]);
  expect(lookUpProtocol('tcp', { protocols })).toBe(6);
  expect(lookUpProtocol('own', { protocols })).toBe(200);
  expect(lookUpProtocol('own', {})).toBeUndefined();
});
