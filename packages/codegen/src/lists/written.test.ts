import { run } from '@hookdump/filter';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { prepare } from '../emit/prepare.ts';
import { filterProgram } from '../testing/programs.ts';
import { runBlocks } from '../testing/run-blocks.ts';

/* Lists in the shapes in which people write them: of one kind, of several in turn, negated, behind a test. */

const SETTINGS = { numRuns: Number(process.env.HOOKDUMP_FUZZ_RUNS ?? 300), endOnFailure: true };

const last = fc.integer({ min: 1, max: 40 });
/** What an entry of a list asks for, by a number. */
const kinds: readonly ((number: number) => string)[] = [
  (number) => `host 10.0.0.${number}`,
  (number) => `ip host 10.0.0.${number}`,
  (number) => `src host 10.0.0.${number}`,
  (number) => `dst host 10.0.0.${number}`,
  (number) => `net 10.0.${number}.0/24`,
  (number) => `ether host 02:00:00:00:00:${number.toString(16)}`,
  (number) => `ip6 host 2001:db8::${number.toString(16)}`,
  (number) => `port ${number}`,
  (number) => `tcp port ${number}`,
  (number) => `dst port ${number}`,
  (number) => `udp portrange ${number}-${number + 3}`,
  () => 'icmp',
];

const filter = fc
  .record({
    // Each entry asks for so many things in turn: `host A or port P or host B or port Q`.
    turn: fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 3 }),
    joined: fc.constantFrom('or', 'or', 'or', 'and'),
    numbers: fc.array(last, { minLength: 4, maxLength: 20 }),
    around: fc.constantFrom(
      (list: string) => list,
      (list: string) => `not (${list})`,
      (list: string) => `tcp and (${list})`,
      (list: string) => `(${list}) and not port 7`,
    ),
  })
  .map(({ turn, joined, numbers, around }) => {
    const entry = (number: number): string =>
      turn.map((kind, index) => kind(number + index)).join(` ${joined} `);
    return around(numbers.map((number) => `(${entry(number)})`).join(' or '));
  });

/** An Ethernet frame with IPv4 or IPv6, of numbers that such filters ask for, cut off anywhere. */
const frame = fc
  .record({
    six: fc.boolean(),
    protocol: fc.constantFrom(6, 6, 17, 1),
    numbers: fc.array(last, { minLength: 8, maxLength: 8 }),
    length: fc.oneof(fc.constant(80), fc.integer({ min: 0, max: 80 })),
  })
  .map(({ six, protocol, numbers, length }) => {
    const [to, from, source, destination, net, port, otherPort] = numbers as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const bytes = new Uint8Array(80);
    bytes.set([2, 0, 0, 0, 0, to, 2, 0, 0, 0, 0, from, ...(six ? [0x86, 0xdd] : [8, 0])]);
    const prefix = [0x20, 0x01, 0x0d, 0xb8, ...new Array(11).fill(0)];
    if (six) {
      bytes.set(
        [0x60, 0, 0, 0, 0, 20, protocol, 64, ...prefix, source, ...prefix, destination],
        14,
      );
      bytes.set([0, port, 0, otherPort], 54);
    } else {
      bytes.set([0x45, 0, 0, 60, 0, 0, 0, 0, 64, protocol, 0, 0], 14);
      bytes.set([10, 0, net % 2 ? 0 : net, source, 10, 0, 0, destination], 26);
      bytes.set([0, port, 0, otherPort], 34);
    }
    return bytes.subarray(0, length);
  });

test('a list decides as its tests one by one', () => {
  let matched = 0;
  fc.assert(
    fc.property(filter, fc.array(frame, { minLength: 30, maxLength: 30 }), (text, frames) => {
      const program = filterProgram(text);
      const prepared = prepare(program);
      for (const packet of frames) {
        const wanted = run(program, packet);
        expect(runBlocks(prepared.blocks, prepared, packet), text).toBe(wanted);
        const fast = runBlocks(prepared.blocks, prepared, packet, true);
        if (fast !== undefined) expect(fast, text).toBe(wanted);
        if (wanted !== 0) matched++;
      }
    }),
    SETTINGS,
  );
  expect(matched).toBeGreaterThan(SETTINGS.numRuns);
});
