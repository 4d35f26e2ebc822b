import { expect, test } from 'vitest';
import { compile } from '../../compile.ts';
import { run } from '../../ir/run.ts';

const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(hex.replaceAll(' ', '').match(/../g)!, (byte) => Number.parseInt(byte, 16));

const addresses = '001122334455 66778899aabb';
const tcp80 =
  '45000028 00010000 40060000 0a000001 0a000002 1f900050 00000000 00000000 50020000 00000000';

/** Frames by what is in them: tags, labels and sessions of three numbers each. */
const frames = new Map([
  ['ip', bytes(`${addresses} 0800 ${tcp80}`)],
  ['arp', bytes(`${addresses} 0806 0001080006040001 001122334455 0a000001 000000000000 0a000002`)],
  ...[2, 3, 4].flatMap((number): [string, Uint8Array][] => [
    [`vlan ${number}`, bytes(`${addresses} 8100 a00${number} 0800 ${tcp80}`)],
    [`mpls ${number}`, bytes(`${addresses} 8847 0000${number}140 ${tcp80}`)],
    [`pppoes ${number}`, bytes(`${addresses} 8864 1100 000${number} 002a 0021 ${tcp80}`)],
  ]),
]);

function matched(filter: string): string[] {
  const compiled = compile(filter, { linkType: 'EN10MB' });
  if (!compiled.ok) throw new Error(filter);
  return [...frames].filter(([, frame]) => run(compiled.program, frame) > 0).map(([name]) => name);
}

/** What is written, and what the hint then says to write instead matches. */
test.each([
  ['vlan 2 or vlan 3', ['vlan 2', 'vlan 3']],
  ['mpls 2 or mpls 3', ['mpls 2', 'mpls 3']],
  ['pppoes 2 or pppoes 3', ['pppoes 2', 'pppoes 3']],
  ['not vlan and ip', ['ip']],
  ['vlan or ip', ['ip', 'vlan 2', 'vlan 3', 'vlan 4']],
  ['(ip or vlan) and port 80', ['ip', 'vlan 2', 'vlan 3', 'vlan 4']],
])('the hint for %s is a filter that means it', (filter, meant) => {
  const compiled = compile(filter, { linkType: 'EN10MB' });
  const [warning] = compiled.ok ? compiled.warnings : [];
  const [, instead] = /write '([^']+)'/.exec(warning!.hint!)!;
  expect(matched(filter).sort()).not.toEqual(meant.sort());
  expect(matched(instead!).sort()).toEqual(meant.sort());
});
