import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fromClassic, toClassic } from '../5-emit/index.ts';
import { interpreter } from '../ir/run.ts';
import type { Program, Value, ValueId } from '../ir/types.ts';
import { verify } from '../ir/verify.ts';
import { valuesById } from '../ir/visit.ts';
import { type Random, random } from '../testing/random-graph.ts';
import { optimize, passes } from './index.ts';

/** libpcap's unoptimized programs, which stand beside the project and not in it. */
const folder =
  process.env.HOOKDUMP_CONFORMANCE ??
  new URL('../../../../../shared/conformance', import.meta.url).pathname;
const missing = !existsSync(`${folder}/cases.json`);
if (missing) {
  console.log(`skipped: no libpcap programs in ${folder} (HOOKDUMP_CONFORMANCE names the folder)`);
}

interface Case {
  readonly linkType: string;
  readonly snapLen: number;
  readonly expressions: readonly string[];
  readonly program: readonly [code: number, jt: number, jf: number, k: number][];
  readonly optimizedLength?: number | null;
}

const classic = ({ program }: Case): { code: number; jt: number; jf: number; k: number }[] =>
  program.map(([code, jt, jf, k]) => ({ code, jt, jf, k }));

/** Without the programs that jump backwards, which the IR cannot hold. */
const cases = missing
  ? []
  : (JSON.parse(readFileSync(`${folder}/cases.json`, 'utf8')) as { accept: Case[] }).accept.filter(
      ({ program }) => !program.some(([code, , , k]) => code === 5 && k > 0x7fffffff),
    );
const programs = cases.map((each) => fromClassic(classic(each), each));

/** What a program compares a load with, so that packets can be made to meet it. */
interface Wanted {
  readonly offset: number;
  readonly size: number;
  readonly indexed: boolean;
  readonly value: number;
}

function wanted(program: Program): Wanted[] {
  const values = valuesById(program);
  const found: Wanted[] = [];
  for (const { end } of program.blocks) {
    if (end.kind !== 'branch') continue;
    const right = values.get(end.test.right);
    const load = loadIn(values, end.test.left);
    if (right?.kind !== 'const' || load?.kind !== 'load') continue;
    const { offset, size, index } = load;
    found.push({ offset, size, indexed: index !== undefined, value: right.value });
  }
  return found;
}

function loadIn(values: ReadonlyMap<ValueId, Value>, id: ValueId): Value | undefined {
  const value = values.get(id);
  if (value?.kind === 'arith') return loadIn(values, value.left);
  return value?.kind === 'store' ? loadIn(values, value.value) : value;
}

/** Bases of headers that packets are filled in at: of Ethernet, IP, 802.11, radio. */
const bases = [0, 20, 24, 26, 34, 40, 50, 60];

function guidedPacket({ below, pick }: Random, wants: readonly Wanted[]): Uint8Array {
  const packet = new Uint8Array(below(4) === 0 ? 120 + below(160) : below(130));
  for (let at = 0; at < packet.length; at++) packet[at] = below(3) === 0 ? below(256) : 0;
  const put = (at: number, byte: number): void => {
    if (at < packet.length) packet[at] = byte;
  };
  for (const { offset, size, indexed, value } of wants) {
    if (below(6) === 0) continue;
    const start = offset + (indexed ? pick(bases) : 0);
    for (let byte = 0; byte < size; byte++) {
      put(start + byte, (value >>> (8 * (size - 1 - byte))) & 0xff);
    }
  }
  if (below(2) === 0) put(14, 0x45);
  if (below(4) === 0) put(0, 0x45);
  return packet;
}

test.skipIf(missing)('every pass keeps the verdict of libpcap’s programs', () => {
  let accepted = 0;
  for (const [index, before] of programs.entries()) {
    const source = random(index);
    const wants = wanted(before);
    const results = [...passes.map(({ run }) => run(before)), optimize(before)];
    for (const after of results) expect(verify(after)).toEqual([]);
    const [first, ...others] = [before, ...new Set(results)].map(interpreter);
    for (let count = 0; count < 60; count++) {
      const packet = guidedPacket(source, wants);
      const wireLength = packet.length + source.below(2);
      const ancillary = {
        'vlan-tag-present': source.below(2),
        'vlan-tag': source.below(5) + 8,
        'packet-type': source.below(5),
        protocol: 0x800,
      };
      const verdict = first!(packet, wireLength, ancillary);
      if (verdict !== 0) accepted++;
      for (const run of others) {
        if (run(packet, wireLength, ancillary) !== verdict) {
          throw new Error(`${cases[index]!.linkType}: ${cases[index]!.expressions[0]}`);
        }
      }
    }
  }
  // The packets must come through, or nothing has been compared.
  expect(accepted).toBeGreaterThan(programs.length);
});

test.skipIf(missing)('programs are shorter than libpcap’s', () => {
  const ratios = programs.flatMap((program, index) => {
    const { optimizedLength } = cases[index]!;
    return optimizedLength ? [toClassic(optimize(program)).length / optimizedLength] : [];
  });
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
  console.log(`${ratios.length} programs, ${mean.toFixed(4)} of libpcap's length`);
  expect(mean).toBeLessThan(0.95);
  // `link[0:4] & 0 == 0` still rejects a packet without these bytes, where libpcap drops the load.
  expect(ratios.filter((ratio) => ratio > 1.1).length).toBeLessThanOrEqual(2);
});
