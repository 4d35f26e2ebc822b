import { describe, expect, test } from 'vitest';
import { NotClassic, toClassic } from '../../5-emit/index.ts';
import { namedInterface } from '../../ir/interface-name.ts';
import type { Predicate } from '../../predicate/types.ts';
import { and, at, ethernet, ip, ipv4, lowered, matches, or } from '../../testing/lowering.ts';
import { lower } from '../index.ts';

const live = (predicate: Predicate) => lowered(predicate, 'EN10MB', true);
const vlan = (id?: number) => at(id === undefined ? { kind: 'vlan' } : { kind: 'vlan', id });
const host = at({
  kind: 'ipv4-address',
  protocols: ['ip'],
  direction: 'src',
  address: 0x01020304,
  mask: 0xffffffff,
});

const untagged = ethernet([0x0800], ipv4(6));
const tagged = ethernet([0x8100, 7, 0x0800], ipv4(6));
const taken = { 'vlan-tag-present': 1, 'vlan-tag': 0x6007 };

describe('a VLAN tag', () => {
  test('is in ancillary data or in the packet, and what follows is found', () => {
    for (const filter of [vlan(), vlan(7), and(vlan(), host), and(vlan(7), host)]) {
      expect(matches(live(filter), untagged, taken)).toBe(true);
      expect(matches(live(filter), tagged)).toBe(true);
      expect(matches(live(filter), untagged)).toBe(false);
    }
    expect(matches(live(vlan(8)), untagged, taken)).toBe(false);
    expect(matches(live(vlan(8)), tagged)).toBe(false);
  });

  test('may have another one behind it', () => {
    const twice = and(vlan(7), vlan(9), host);
    expect(matches(live(twice), ethernet([0x8100, 9, 0x0800], ipv4(6)), taken)).toBe(true);
    expect(matches(live(twice), ethernet([0x8100, 7, 0x8100, 9, 0x0800], ipv4(6)))).toBe(true);
    expect(matches(live(twice), tagged)).toBe(false);
  });

  test('is looked for whatever was computed before', () => {
    // libpcap keeps the offset in a register that `len > 10` has used.
    const longer = at({
      kind: 'relation',
      op: '>',
      left: { kind: 'length' },
      right: { kind: 'number', value: 10 },
    });
    expect(matches(live(and(longer, vlan(), host)), untagged, taken)).toBe(true);
    expect(matches(live(and(longer, vlan(), host)), tagged)).toBe(true);
  });

  test('that is not there moves what stands behind the test nonetheless', () => {
    expect(matches(live(or(vlan(), ip)), untagged)).toBe(false);
    expect(matches(live(or(ip, vlan())), untagged)).toBe(true);
  });

  test('of a file is in the packet', () => {
    expect(matches(lowered(vlan()), untagged, taken)).toBe(false);
  });
});

test('direction and interface are in ancillary data, or in the header where it has them', () => {
  const outbound = at({ kind: 'packet-direction', direction: 'outbound' });
  const inbound = at({ kind: 'packet-direction', direction: 'inbound' });
  const index = at({ kind: 'interface-index', index: 3 });
  expect(matches(live(outbound), [], { 'packet-type': 4 })).toBe(true);
  expect(matches(live(outbound), [], { 'packet-type': 0 })).toBe(false);
  expect(matches(live(inbound), [], { 'packet-type': 0 })).toBe(true);
  expect(matches(live(index), [], { 'interface-index': 3 })).toBe(true);
  expect(matches(live(index), [], { 'interface-index': 4 })).toBe(false);
  const cooked = lowered(index, 'LINUX_SLL2', true);
  expect(matches(cooked, [0, 0, 0, 0, 0, 0, 0, 3], { 'interface-index': 4 })).toBe(true);
  for (const test of [outbound, inbound, index]) {
    const { diagnostics } = lower(test, 'EN10MB', { snapLen: 1 });
    expect(diagnostics.map(({ code }) => code)).toEqual(['not-on-link-type']);
  }
});

describe("the interface's name", () => {
  const bytes = (name: string): number[] => Array.from(name, (letter) => letter.charCodeAt(0));
  const named = (name: string): Predicate => at({ kind: 'pf-name', field: 'ifname', name });
  const known = ['a', 'lo', 'eth', 'eth0', 'eth01', 'bond0.12', 'bond0.123', 'fifteen-letters', ''];

  test.each(known.filter((name) => name !== ''))('%s: the whole of it', (name) => {
    for (const other of known) {
      const is = matches(live(named(name)), [], namedInterface(bytes(other)));
      expect(is, other).toBe(other === name);
    }
    expect(matches(live(named(name)), [])).toBe(false);
  });

  test('ends at its NUL, whatever is behind', () => {
    const renamed = { 'interface-name-0': 0x6c6f0078, 'interface-name-4': 0x79797979 };
    expect(matches(live(named('lo')), [], renamed)).toBe(true);
    expect(matches(live(named('lox')), [], renamed)).toBe(false);
  });

  test('is in the header of PFLOG, and in no other file', () => {
    const pflog = lowered(named('em'), 'PFLOG', true);
    expect(matches(pflog, [0, 0, 0, 0, ...bytes('em01')], namedInterface(bytes('lo')))).toBe(true);
    for (const [field, linux] of [
      ['ifname', false],
      ['rset', true],
    ] as const) {
      const name = at({ kind: 'pf-name', field, name: 'em' });
      const { diagnostics } = lower(name, 'EN10MB', { snapLen: 1, linux });
      expect(diagnostics.map(({ code }) => code)).toEqual(['not-on-link-type']);
    }
  });

  test('cannot be asked for in classic BPF', () => {
    expect(() => toClassic(live(named('lo')))).toThrow(NotClassic);
  });
});

test('constant negative offsets are those of ancillary data', () => {
  const atOffset = (offset: number): Predicate =>
    at({
      kind: 'relation',
      op: '=',
      left: {
        kind: 'load',
        base: 'link',
        offset: { kind: 'negate', operand: { kind: 'number', value: offset } },
        size: 1,
        span: { start: 0, end: 1 },
      },
      right: { kind: 'number', value: 1 },
    });
  expect(matches(live(atOffset(4048)), untagged, taken)).toBe(true);
  expect(matches(live(atOffset(4048)), untagged)).toBe(false);
  expect(matches(lowered(atOffset(4048)), untagged, taken)).toBe(false);
  expect(matches(live(atOffset(1)), untagged)).toBe(false);
});
