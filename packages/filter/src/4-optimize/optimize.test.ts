import { describe, expect, test } from 'vitest';
import { fromClassic } from '../5-emit/index.ts';
import { interpreter } from '../ir/run.ts';
import type { Program } from '../ir/types.ts';
import { verify } from '../ir/verify.ts';
import { randomClassic } from '../testing/random-classic.ts';
import { randomFilter } from '../testing/random-filter.ts';
import { type Random, random, randomGraph, randomPacket } from '../testing/random-graph.ts';
import { optimize, passes } from './index.ts';

/** So that a pass which changes its input fails. */
function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

const hex = (packet: Uint8Array): string =>
  Array.from(packet, (byte) => byte.toString(16).padStart(2, '0')).join('');

const ancillaries = [{}, { 'vlan-tag-present': 1, 'vlan-tag': 5, 'interface-index': 2 }] as const;

/** Runs two programs on random packets, most of them near what they ask for, some truncated. */
function expectSame(before: Program, after: Program, source: Random, packets: number): void {
  const [runBefore, runAfter] = [interpreter(before), interpreter(after)];
  for (let count = 0; count < packets; count++) {
    const packet = randomPacket(source);
    // The byte that tells a header's length, small enough for the header to be there.
    if (packet.length > 14 && source.below(2) === 0) packet[14] = source.below(4);
    const wireLength = packet.length + source.below(3);
    const ancillary = source.pick(ancillaries);
    const [wanted, got] = [
      runBefore(packet, wireLength, ancillary),
      runAfter(packet, wireLength, ancillary),
    ];
    if (got !== wanted) {
      throw new Error(`${got} instead of ${wanted} for ${hex(packet)}`);
    }
  }
}

const generators: readonly { name: string; make: (source: Random) => Program }[] = [
  { name: 'programs of every shape', make: (source) => randomGraph(source, 12) },
  { name: 'programs like filters', make: randomFilter },
  {
    name: 'classic BPF of others',
    make: ({ below }) =>
      fromClassic(randomClassic(below, 2 + below(25), true), { linkType: 'RAW' }),
  },
];

const firstSeed = 1;
const programs = 400;

describe.each(generators)('$name', ({ make }) => {
  test.each([...passes, { name: 'optimize', run: optimize }])(
    '$name keeps the verdict on every packet, and its input as it was',
    ({ run }) => {
      for (let seed = firstSeed; seed < firstSeed + programs; seed++) {
        const source = random(seed);
        const before = deepFreeze(make(source));
        try {
          const after = run(before);
          expect(verify(after)).toEqual([]);
          expectSame(before, after, source, 40);
        } catch (error) {
          throw new Error(`seed ${seed}`, { cause: error });
        }
      }
    },
  );

  test('passes keep it in any order', () => {
    for (let seed = firstSeed; seed < firstSeed + programs; seed++) {
      const source = random(seed + 1_000_000);
      const before = make(source);
      const order = Array.from({ length: 6 }, () => source.pick(passes));
      try {
        const after = order.reduce((program, pass) => pass.run(program), before);
        expect(verify(after)).toEqual([]);
        expectSame(before, after, source, 40);
      } catch (error) {
        const names = order.map(({ name }) => name).join(', ');
        throw new Error(`seed ${seed}, ${names}`, { cause: error });
      }
    }
  });
});
