import { compile, type Program, run, valuesById } from '@hookdump/filter';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { constantsOf } from '../../emit/decide.ts';
import { filterProgram } from '../../testing/programs.ts';
import { runBlocks } from '../../testing/run-blocks.ts';
import { findLists } from '../find.ts';
import type { Blocks, ListProgram } from '../graph.ts';
import { findTuples } from './find.ts';

/** Addresses in which words recur: what begins alike, and what ends alike. */
const words = ['2001:db8', 'fe80:0', '0:0', '0:1', 'ffff:1', 'dead:beef'];
const nibble = (value: number): string => words[value % words.length]!;
const address6 = (value: number): string =>
  [value, Math.floor(value / 6), Math.floor(value / 36), Math.floor(value / 216)]
    .map(nibble)
    .join(':');
const address4 = (value: number): string => `10.${value % 3}.0.${value % 7}`;

const some = <T>(of: fc.Arbitrary<T>, least = 4): fc.Arbitrary<T[]> =>
  fc.array(of, { minLength: least, maxLength: 30 });
const any6 = fc.nat(6 ** 4 - 1);
const any4 = fc.nat(20);
const port = fc.constantFrom(22, 53, 80, 443, 8080);
const join = (terms: readonly string[], word = 'or'): string => terms.join(` ${word} `);

const entry4 = fc.oneof(
  fc.tuple(any4, any4).map(([a, b]) => `(src host ${address4(a)} and dst host ${address4(b)})`),
  fc.tuple(any4, port).map(([a, b]) => `(ip src host ${address4(a)} and tcp dst port ${b})`),
  fc.tuple(any4, port).map(([a, b]) => `(ip src host ${address4(a)} and udp src port ${b})`),
  any4.map((a) => `ip host ${address4(a)}`),
  fc.tuple(any4, fc.nat(255)).map(([a, b]) => `(ip dst net 10.${a % 3}.0.0/16 and ip[8] = ${b})`),
);
const entry6 = fc.oneof(
  { weight: 3, arbitrary: any6.map((a) => `ip6 host ${address6(a)}`) },
  any6.map((a) => `ip6 src host ${address6(a)}`),
  fc
    .tuple(any6, fc.constantFrom(16, 32, 40, 48, 64, 127))
    .map(([a, bits]) => `ip6 net ${masked(address6(a), bits)}/${bits}`),
  fc.tuple(any6, port).map(([a, b]) => `(ip6 src host ${address6(a)} and tcp dst port ${b})`),
);

/** An address without the bits behind a prefix. */
function masked(address: string, bits: number): string {
  const parts = address.split(':').map((part) => Number.parseInt(part, 16));
  return parts
    .map((part, at) => {
      const kept = Math.min(16, Math.max(0, bits - 16 * at));
      return (part & ~(0xffff >>> kept)).toString(16);
    })
    .join(':');
}

const list = fc.oneof(
  some(entry6).map((all) => join(all)),
  some(entry4).map((all) => join(all)),
  some(fc.oneof(entry4, entry6)).map((all) => join(all)),
  some(any6).map((all) => `ip6 src host (${join(all.map(address6))})`),
  some(any6).map((all) => `host (${join(all.map(address6))})`),
);
const filters = fc.oneof(
  list,
  list.map((text) => `not (${text})`),
  list.map((text) => `(${text}) and tcp port 80`),
  list.map((text) => `udp or (${text}) or icmp`),
  list.map((text) => `not (${text}) and ip[8] > 7`),
  fc.tuple(list, list).map(([a, b]) => `(${a}) and not (${b})`),
);

const pick = <T>(...of: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...of);

/** Frames with addresses and ports that are asked for, cut off anywhere. */
const frame: fc.Arbitrary<Uint8Array> = fc
  .record({
    type: pick([0x08, 0], [0x08, 0], [0x86, 0xdd], [0x86, 0xdd], [0x08, 0x06]),
    protocol: pick(6, 17, 1),
    ttl: fc.oneof(fc.nat(9), fc.nat(255)),
    from6: any6,
    to6: any6,
    from4: any4,
    to4: any4,
    ports: fc.tuple(port, port),
    fragment: pick(0, 0, 0, 1),
    options: pick(5, 5, 6),
    length: fc.oneof(pick(80, 80, 80), fc.nat(80)),
  })
  .map((of) => {
    const bytes = new Uint8Array(80);
    const view = new DataView(bytes.buffer);
    bytes.set(of.type, 12);
    bytes[22] = of.ttl;
    if (of.type[0] === 0x86) {
      bytes[14] = 0x60;
      bytes[20] = of.protocol;
      bytes.set(bytesOf6(address6(of.from6)), 22);
      bytes.set(bytesOf6(address6(of.to6)), 38);
      of.ports.forEach((each, at) => {
        view.setUint16(54 + 2 * at, each);
      });
    } else {
      const at = of.type[1] === 6 ? 28 : 26;
      bytes[14] = 0x40 + of.options;
      view.setUint16(20, of.fragment);
      bytes[23] = of.protocol;
      bytes.set(address4(of.from4).split('.').map(Number), at);
      bytes.set(address4(of.to4).split('.').map(Number), at === 28 ? 38 : 30);
      of.ports.forEach((each, index) => {
        view.setUint16(14 + 4 * of.options + 2 * index, each);
      });
    }
    return bytes.subarray(0, of.length);
  });

const bytesOf6 = (address: string): number[] =>
  address.split(':').flatMap((part) => {
    const number = Number.parseInt(part, 16);
    return [number >>> 8, number & 0xff];
  });

const SETTINGS = { numRuns: Number(process.env.HOOKDUMP_FUZZ_RUNS ?? 150), endOnFailure: true };

test('a program with lists of tuples gives what it gave without', () => {
  let found = 0;
  let matched = 0;
  fc.assert(
    fc.property(filters, fc.array(frame, { minLength: 40, maxLength: 40 }), (text, frames) => {
      const compiled = compile(text, { linkType: 'EN10MB' });
      fc.pre(compiled.ok);
      const { program } = compiled;
      const tupled = findTuples(asItIs(program), 3);
      const blocks = findLists(tupled, 4);
      found += walks(blocks);
      for (const frame of frames) {
        const wanted = run(program, frame);
        expect(runBlocks(blocks, tupled, frame)).toBe(wanted);
        const fast = runBlocks(blocks, tupled, frame, true);
        if (fast !== undefined) expect(fast).toBe(wanted);
        if (wanted > 0 && fast !== undefined) matched++;
      }
    }),
    SETTINGS,
  );
  expect(found).toBeGreaterThan(SETTINGS.numRuns / 4);
  expect(matched).toBeGreaterThan(SETTINGS.numRuns);
});

const join20 = (term: (index: number) => string, word = 'or'): string =>
  join(
    Array.from({ length: 20 }, (_, index) => term(index)),
    word,
  );
const a4 = (index: number): string => `10.0.${index}.${(index * 7) % 256}`;
const a6 = (index: number): string => `2001:db8:${index}::${((index * 77) % 65536).toString(16)}`;

/** What people write, and how many entries the tables of tuples have that are found in it. */
const shapes: readonly (readonly [filter: string, ...rows: readonly number[]])[] = [
  [`ip6 host (${join20(a6)})`, 20, 20],
  [join20((at) => `ip6 host ${a6(at)}`), 20, 20],
  [`ip6 src host (${join20(a6)})`, 20],
  [`not (ip6 src host (${join20(a6)}))`, 20],
  [`host ${join20((at) => (at % 2 === 0 ? a4(at) : a6(at)))}`, 10, 10],
  [`tcp port 443 and (ip6 src host (${join20(a6)}))`, 20, 20],
  [join20((at) => `(ip src host ${a4(at)} and ip dst host ${a4(at + 1)})`), 20],
  [join20((at) => `(src host ${a4(at)} and dst host ${a4(at + 1)})`), 20],
  [join20((at) => `(ip src host ${a4(at)} and tcp dst port ${80 + at})`), 20],
  [join20((at) => `(host ${a4(at)} and tcp port ${80 + at})`), 20, 20, 20, 20],
  [
    join20((at) => `(src host ${a4(at)} and dst host ${a4(at + 1)} and tcp dst port ${at + 7})`),
    20,
  ],
  [join20((at) => `ether src 02:${at + 10}:00:${at + 30}:03:${at * 2 + 10}`), 20],
  // Lists of single numbers, wherever these do, are smaller.
  [`ip host ${join20(a4)}`],
  [`(ip src host (${join20(a4)})) and (tcp dst port (${join20((at) => `${at * 9 + 1}`)}))`],
  // So few are as quickly asked for one by one.
  [`ip6 src host ${a6(1)} or ${a6(2)} or ${a6(3)}`],
];

test.each(shapes.map(([filter, ...rows]) => ({ filter, rows })))('$filter', ({ filter, rows }) => {
  const { blocks } = findTuples(asItIs(filterProgram(filter)));
  const found = [...blocks.values()].flatMap(({ end }) =>
    end.kind === 'member' && 'rows' in end.list ? [end.list.rows.length] : [],
  );
  expect(found).toEqual(rows);
});

test('thousands of entries take no more than their tables', () => {
  const many = join(Array.from({ length: 3000 }, (_, at) => `ip6 src host ${a6(at)}`));
  const { blocks } = findTuples(asItIs(filterProgram(many)));
  expect(blocks.size).toBeLessThan(20);
});

function asItIs(program: Program): ListProgram {
  const blocks = new Map(program.blocks.map((block) => [block.id, block]));
  return { blocks, byId: valuesById(program), constants: constantsOf(program) };
}

const walks = (blocks: Blocks): number =>
  [...blocks.values()].filter(({ end }) => end.kind === 'walk').length;
