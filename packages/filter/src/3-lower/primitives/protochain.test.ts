import { expect, test } from 'vitest';
import { at, ethernet, ipv4, ipv6, lowered, matches, not } from '../../testing/lowering.ts';
import { chainBound } from './protochain.ts';

const tcp = 6;
const fragment = 44;
const authentication = 51;

const chain = at({ kind: 'protochain', number: tcp, over: ['ip', 'ip6'] });
const program = lowered(chain);

/** Destination options of eight bytes, so many times, and then TCP. */
const options = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => [i + 1 < count ? 60 : tcp, 0, 0, 0, 0, 0, 0, 0]).flat();
const withOptions = (count: number): number[] =>
  ethernet([0x86dd], ipv6(count > 0 ? 60 : tcp, options(count)));

test('up to the bound a chain is walked exactly', () => {
  for (let count = 0; count < chainBound; count++) {
    expect(matches(program, withOptions(count)), `${count} headers`).toBe(true);
    expect(matches(lowered(not(chain)), withOptions(count)), `${count} headers`).toBe(false);
  }
});

test('beyond the bound a packet is rejected, also under a not', () => {
  const long = withOptions(chainBound);
  expect(matches(program, long)).toBe(false);
  expect(matches(lowered(not(chain)), long)).toBe(false);
});

test('an authentication header counts from where it stands', () => {
  // Length 4 is (4 + 2) * 4 = 24 bytes; then a fragment header of 8, then TCP.
  const header = [fragment, 4, ...Array<number>(22).fill(0)];
  const packet = ethernet([0x86dd], ipv6(authentication, [...header, tcp, 0, 0, 0, 0, 0, 0, 0]));
  expect(matches(program, packet)).toBe(true);
  const overIpv4 = (next: number): number[] =>
    ethernet([0x0800], ipv4(authentication, [next, 4, ...Array<number>(22).fill(0)]));
  expect(matches(program, overIpv4(tcp))).toBe(true);
  // IPv4 has no extension headers to look over.
  expect(matches(program, overIpv4(fragment))).toBe(false);
});

test('what is not walked over ends the search', () => {
  expect(matches(program, ethernet([0x86dd], ipv6(59, options(1))))).toBe(false);
  expect(matches(program, ethernet([0x86dd], ipv6(17, options(1))))).toBe(false);
  const none = at({ kind: 'protochain', number: 59, over: ['ip6'] });
  expect(matches(lowered(none), ethernet([0x86dd], ipv6(59)))).toBe(true);
});

test('a truncated chain is rejected', () => {
  const cut = withOptions(3).slice(0, -8);
  expect(matches(program, cut)).toBe(false);
  expect(matches(lowered(not(chain)), cut)).toBe(false);
});
