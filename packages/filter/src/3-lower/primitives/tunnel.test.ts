import { expect, test } from 'vitest';
import {
  and,
  at,
  ethernet,
  ip,
  ip6,
  ipv4,
  ipv6,
  lowered,
  matches,
} from '../../testing/lowering.ts';

const udp = (port: number, payload: readonly number[]): number[] => [
  ...[0, 0, port >>> 8, port & 0xff, 0, 0, 0, 0],
  ...payload,
];
const outers = {
  ipv4: (payload: readonly number[]) => ethernet([0x0800], ipv4(17, payload)),
  ipv6: (payload: readonly number[]) => ethernet([0x86dd], ipv6(17, payload)),
};

/** Geneve with eight bytes of options. */
const geneveHeader = (protocol: number, vni: number): number[] => [
  ...[2, 0, protocol >>> 8, protocol & 0xff, 0, 0, vni, 0],
  ...Array<number>(8).fill(0xee),
];
const vxlanHeader = (vni: number): number[] => [8, 0, 0, 0, 0, 0, vni, 0];

const tcp = at({ kind: 'ip-protocol', number: 6, over: ['ip', 'ip6'] });
const toEverybody = at({ kind: 'broadcast', of: 'link' });
const frame = [...Array<number>(6).fill(0xff), ...ethernet([0x0800], ipv4(6)).slice(6)];

for (const [name, outer] of Object.entries(outers)) {
  test(`geneve over ${name}: an inner frame, or a packet without one`, () => {
    const geneve = at({ kind: 'geneve', vni: 9 });
    const bridged = outer(udp(6081, [...geneveHeader(0x6558, 9), ...frame]));
    const routed = outer(udp(6081, [...geneveHeader(0x86dd, 9), ...ipv6(6)]));
    expect(matches(lowered(and(geneve, ip, tcp)), bridged)).toBe(true);
    expect(matches(lowered(and(geneve, ip6)), bridged)).toBe(false);
    expect(matches(lowered(and(geneve, toEverybody)), bridged)).toBe(true);
    expect(matches(lowered(and(geneve, ip6, tcp)), routed)).toBe(true);
    // There are no addresses to look at, however the bytes there may look.
    expect(matches(lowered(and(geneve, toEverybody)), routed)).toBe(false);
    expect(matches(lowered(at({ kind: 'geneve', vni: 8 })), bridged)).toBe(false);
  });

  test(`vxlan over ${name}, and one inside the other`, () => {
    const vxlan = at({ kind: 'vxlan', vni: 9 });
    const packet = outer(udp(4789, [...vxlanHeader(9), ...frame]));
    expect(matches(lowered(and(vxlan, ip, tcp)), packet)).toBe(true);
    expect(matches(lowered(and(vxlan, ip6)), packet)).toBe(false);
    expect(matches(lowered(at({ kind: 'vxlan', vni: 8 })), packet)).toBe(false);
    const nested = outer(udp(4789, [...vxlanHeader(9), ...packet]));
    expect(matches(lowered(and(vxlan, vxlan, tcp)), nested)).toBe(true);
    expect(matches(lowered(and(vxlan, vxlan, tcp)), packet)).toBe(false);
  });
}
