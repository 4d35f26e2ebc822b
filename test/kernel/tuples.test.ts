import { buildObject, parseHook } from '@hookdump/codegen';
import { HOOK_STATS } from '@hookdump/codegen/record';
import { run } from '@hookdump/filter';
import { BpfObject } from '@hookdump/loader';
import { describe, expect, test } from 'vitest';
import { multipliers } from '../../packages/codegen/src/lists/tables/random.ts';
import { noKernel, skips } from '../../packages/codegen/src/testing/harness.ts';
import { filterProgram } from '../../packages/codegen/src/testing/programs.ts';
import { sizes } from '../support/sizes.ts';

const skip = skips('lists of tuples in the kernel', noKernel());

const random = multipliers();
const below = (count: number): number => (random.next().value >>> 8) % count;
const of = <T>(all: readonly T[]): T => all[below(all.length)]!;
const words = (count: number, word: () => string): string =>
  Array.from({ length: count }, word).join(' or ');

const host4 = (): string => [10, below(4), below(4), below(256)].join('.');
const host6 = (): string =>
  ['2001:db8', below(4), below(2), 0, 0, below(4), below(256).toString(16)].join(':');
const net6 = (): string => `2001:db8:${below(256).toString(16)}::/${48}`;
const port = (): number => 1 + below(300);
const card = (): string => `02:00:00:${below(90)}:00:${below(90)}`;

/** As people write them: what is asked for by several fields together. */
const filters: readonly (readonly [what: string, filter: string])[] = [
  ['200 hosts of IPv6', `ip6 host ${words(200, host6)}`],
  ['none of 200 hosts of IPv6', `not (ip6 src host ${words(200, host6)})`],
  ['300 hosts of IPv4 and IPv6', `host ${words(300, () => of([host4, host6])())}`],
  ['100 networks of IPv6', `net ${words(100, net6)}`],
  ['hosts and networks', `ip6 and (net ${words(60, net6)} or host ${words(60, host6)})`],
  ['pairs', words(200, () => `(src host ${host4()} and dst host ${host4()})`)],
  ['pairs of IPv6', words(60, () => `(ip6 src ${host6()} and ip6 dst ${host6()})`)],
  ['hosts with ports', words(200, () => `(src host ${host4()} and tcp dst port ${port()})`)],
  [
    'hosts with ports of either protocol',
    words(100, () => `(src host ${host4()} and ${of(['tcp', 'udp'])} src port ${port()})`),
  ],
  ['hosts and ports in turn', words(100, () => `host ${host4()} or tcp port ${port()}`)],
  ['hosts and cards in turn', words(100, () => `host ${host4()} or ether host ${card()}`)],
  [
    'cards, then hosts',
    `${words(100, () => `ether host ${card()}`)} or ${words(100, () => `host ${host4()}`)}`,
  ],
];

/** Programs' instructions in all that the verifier may walk through, whatever the list's length. */
const MOST_VERIFIED = 2000;

describe.skipIf(skip).each(['xdp', 'tc'])('%s', (kind) => {
  test.each(filters)('%s decide as run() does', async (_, filter) => {
    const hook = parseHook(kind === 'tc' ? 'tc:ingress' : kind);
    if (!hook.ok) throw new Error(hook.message);
    const program = filterProgram(filter);
    const built = await buildObject({
      filter,
      hooks: [hook.hook],
      programs: { EN10MB: program },
    });
    // No chain is left of it.
    expect(built.source.split('\tif (').length).toBeLessThan(100);
    const object = BpfObject.open(built.bytes, { name: 'tuples' });
    try {
      object.load();
      const [name] = object.programs as [string];
      expect(object.program(name).info().verifiedInstructions).toBeLessThan(MOST_VERIFIED);
      const verdicts = framesFor(filter, kind === 'tc' ? 54 : 14).map((frame) => {
        const before = matched(object);
        object.program(name).testRun(frame);
        const wanted = run(program, frame) === 0 ? 0 : 1;
        expect(matched(object) - before).toBe(wanted);
        return wanted;
      });
      expect(new Set(verdicts)).toEqual(new Set([0, 1]));
    } finally {
      object.close();
    }
  });
});

/** Frames with what entries ask for, whole or in part, or with other things; some are cut off. */
function framesFor(filter: string, shortest: number): readonly Uint8Array[] {
  const entries = filter.split(' or ');
  return Array.from({ length: Math.ceil(400 / sizes.oneSimilarOf) }, (_, index) => {
    const asWritten = of(entries);
    const frame = new Uint8Array(80);
    const view = new DataView(frame.buffer);
    // Addresses of cards look like those of IPv6.
    const ether = /ether host (\S+)/.exec(asWritten)?.[1];
    const entry = ether === undefined ? asWritten : '';
    if (ether !== undefined) {
      const bytes = ether.split(':').map((part) => Number.parseInt(part, 16));
      if (below(4) === 0) bytes[below(6)]! ^= 1 << below(8);
      frame.set(bytes, of([0, 6]));
    }
    const is6 = entry.includes('::') || /[0-9a-f]:[0-9a-f]/.test(entry);
    frame.set(is6 ? [0x86, 0xdd, 0x60] : [8, 0, 0x45], 12);
    const protocol = entry.includes('udp') ? 17 : 6;
    frame[is6 ? 20 : 23] = protocol;
    const addresses = [...entry.matchAll(/\b(?:[\da-f]+[.:]+)+[\da-f]+|[\da-f:]+::(?=\/)/g)];
    const from = addresses.map(([word]) => bytesOf(word));
    const size = is6 ? 16 : 4;
    const start = is6 ? 22 : 26;
    const swap = addresses.length === 1 && below(3) === 0 ? size : 0;
    from.forEach((bytes, at) => {
      // Now and then a bit is another one.
      if (below(4) === 0) bytes[below(bytes.length)]! ^= 1 << below(8);
      frame.set(bytes, start + ((at * size) ^ swap));
    });
    const asked = Number(/port (\d+)/.exec(entry)?.[1] ?? 0) + (below(8) === 0 ? 1 : 0);
    const behind = is6 ? 54 : 34;
    view.setUint16(behind, entry.includes('dst port') ? 9999 : asked);
    view.setUint16(behind + 2, entry.includes('dst port') ? asked : 9999);
    // A test run at tc takes no less than whole headers.
    return index % 5 === 0 ? frame.subarray(0, shortest + below(60 - shortest)) : frame;
  });
}

function bytesOf(address: string): number[] {
  if (address.includes('.')) return address.split('.').map(Number);
  const [head, tail] = address.split('::').map((half) => half.split(':').filter(Boolean));
  const gap = tail === undefined ? 0 : 8 - head!.length - tail.length;
  const all = [...head!, ...new Array<string>(gap).fill('0'), ...(tail ?? [])];
  return all.flatMap((part) => {
    const number = Number.parseInt(part, 16);
    return [number >>> 8, number & 0xff];
  });
}

function matched(object: BpfObject): number {
  return object
    .map('stats')
    .lookupPerCpu(new Uint8Array(4))
    .map((value) => new DataView(value.buffer, value.byteOffset))
    .reduce((sum, view) => sum + Number(view.getBigUint64(HOOK_STATS.matched.offset, true)), 0);
}
