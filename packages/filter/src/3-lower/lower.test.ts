import { describe, expect, test } from 'vitest';
import type { Predicate } from '../predicate/types.ts';
import {
  and,
  arp,
  at,
  byteIs,
  ethernet,
  ip,
  ip6,
  ipv4,
  lowered,
  matches,
  not,
  or,
} from '../testing/lowering.ts';
import { lower } from './index.ts';

const vlan = at({ kind: 'vlan' });
const mpls = at({ kind: 'mpls' });
const pppoe = at({ kind: 'pppoe-session' });
const always = { kind: 'always' } as const;

describe('the order of the text', () => {
  const untagged = ethernet([0x0800]);
  const tagged = ethernet([0x8100, 5, 0x0800]);

  test('an encapsulation is for all tests behind it, wherever it stands', () => {
    for (const predicate of [
      and(vlan, ip),
      and(not(not(vlan)), ip),
      and(or(vlan, arp), ip),
      and(or(and(arp, vlan), byteIs(0, 0)), ip),
    ]) {
      expect(matches(lowered(predicate), tagged)).toBe(true);
      expect(matches(lowered(predicate), untagged)).toBe(false);
    }
    // Behind `not` and `or` too: what is asked for is IP behind a tag that isn't there.
    expect(matches(lowered(and(not(vlan), ip)), untagged)).toBe(false);
    expect(matches(lowered(or(vlan, ip)), untagged)).toBe(false);
    expect(matches(lowered(or(ip, vlan)), untagged)).toBe(true);
  });

  test('each encapsulation looks behind the one before', () => {
    const stacked = ethernet([0x88a8, 5, 0x8100, 6, 0x0800]);
    const both = and(at({ kind: 'vlan', id: 5 }), at({ kind: 'vlan', id: 6 }), ip);
    expect(matches(lowered(both), stacked)).toBe(true);
    expect(matches(lowered(both), ethernet([0x88a8, 6, 0x8100, 5, 0x0800]))).toBe(false);
    const labels = ethernet([0x8847], [0, 0, 16, 0, 0, 0, 32 | 1, 0, ...ipv4(6)]);
    expect(matches(lowered(and(mpls, at({ kind: 'mpls', label: 2 }), ip)), labels)).toBe(true);
    expect(matches(lowered(and(mpls, ip)), labels)).toBe(false);
    const session = ethernet([0x8864], [0x11, 0, 0, 7, 0, 0, 0, 0x21, ...ipv4(6)]);
    expect(matches(lowered(and(pppoe, ip)), session)).toBe(true);
    expect(matches(lowered(and(pppoe, ip6)), session)).toBe(false);
  });

  test('a load beyond the end rejects, whatever stands around it', () => {
    expect(matches(lowered(or(byteIs(99, 1), ip)), untagged)).toBe(false);
    expect(matches(lowered(or(ip, byteIs(99, 1))), untagged)).toBe(true);
    expect(matches(lowered(not(byteIs(99, 1))), untagged)).toBe(false);
  });
});

describe('what is known beforehand', () => {
  const blocks = (predicate: Predicate): number => lowered(predicate, 'IPV4').blocks.length;

  test('falls away, with the loads of what it decides about', () => {
    expect(blocks(ip)).toBe(1);
    expect(matches(lowered(ip, 'IPV4'), [])).toBe(true);
    expect(matches(lowered(ip6, 'IPV4'), [])).toBe(false);
    expect(blocks(and(byteIs(99, 1), ip6))).toBe(1);
    expect(blocks(or(byteIs(99, 1), ip, byteIs(98, 1)))).toBe(1);
    expect(blocks(and(or(ip6, byteIs(0, 1)), ip))).toBe(3);
    expect(matches(lowered(or(byteIs(99, 1), ip), 'IPV4'), [])).toBe(true);
    expect(blocks(not(or(not(ip), ip6)))).toBe(1);
  });

  test('is not asked of an empty filter', () => {
    expect(matches(lowered(always, 'PPI'), [])).toBe(true);
  });
});

describe('what a link type cannot have', () => {
  const wanted = or(at({ kind: 'vlan' }, 3), at({ kind: 'llc' }, 8), ip);

  test('is told in one run, at the place of each test', () => {
    const { program, diagnostics } = lower(wanted, 'RAW', { snapLen: 1 });
    expect(program).toBeUndefined();
    expect(diagnostics.map(({ code, span }) => [code, span.start])).toEqual([
      ['not-on-link-type', 3],
      ['not-on-link-type', 8],
    ]);
  });

  test('does not match where one filter is for several link types', () => {
    const options = { snapLen: 1, unsupported: 'no-match' } as const;
    const { program, diagnostics } = lower(wanted, 'RAW', options);
    expect(diagnostics).toEqual([]);
    expect(matches(program!, ipv4(6))).toBe(true);
    expect(lower(not(at({ kind: 'vlan' })), 'RAW', options).program!.blocks).toHaveLength(1);
  });

  test('is told once of a test that asks for three protocols', () => {
    const host = at({
      kind: 'ipv4-address',
      protocols: ['ip', 'arp', 'rarp'],
      direction: 'src',
      address: 1,
      mask: 0xffffffff,
    });
    expect(lower(host, 'USB_LINUX', { snapLen: 1 }).diagnostics).toHaveLength(1);
  });
});

test('blocks grow with the text and no faster', () => {
  const count = (times: number, make: (index: number) => Predicate): number =>
    lowered(or(make(0), ...Array.from({ length: times - 1 }, (_, i) => make(i + 1)))).blocks.length;
  const geneve = at({ kind: 'geneve' });
  const chained = at({ kind: 'protochain', number: 6, over: ['ip', 'ip6'] });
  for (const make of [
    () => geneve,
    () => vlan,
    () => chained,
    (index: number) => byteIs(index, 1),
  ]) {
    expect(count(80, make)).toBeLessThanOrEqual(4 * count(20, make));
  }
});

test('long chains of tests and long sums overflow no stack', () => {
  const length = 30_000;
  const tests = Array.from({ length }, (_, i) => byteIs(i, 1));
  const { program } = lower(and(ip, ...tests), 'EN10MB', { snapLen: 1 });
  expect(program!.blocks).toHaveLength(length + 3);
  let left: Extract<Predicate, { kind: 'relation' }>['left'] = { kind: 'length' };
  for (let i = 0; i < length; i++) {
    left = { kind: 'binary', op: '+', left, right: { kind: 'number', value: 2 } };
  }
  const right = { kind: 'number', value: 2 * length } as const;
  const sum = lower(at({ kind: 'relation', op: '=', left, right }), 'EN10MB', { snapLen: 1 });
  expect(matches(sum.program!, [])).toBe(true);
  expect(matches(sum.program!, [0])).toBe(false);
});
