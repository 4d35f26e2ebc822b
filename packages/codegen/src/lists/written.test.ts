import { run } from '@hookdump/filter';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { prepare } from '../emit/prepare.ts';
import { filterProgram } from '../testing/programs.ts';
import { runBlocks } from '../testing/run-blocks.ts';

/* Lists in the shapes in which people write them: of one kind, of several in turn, negated, behind a test. */

const SETTINGS = { numRuns: Number(process.env.HOOKDUMP_FUZZ_RUNS ?? 300), endOnFailure: true };

type Ask = (number: number) => string;

const last = fc.integer({ min: 1, max: 40 });
/** What an entry of a list asks for, by a number. */
const kinds: readonly Ask[] = [
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

type Write = (turn: readonly Ask[], numbers: readonly number[]) => string;

/** How entries of several kinds stand: those of one kind and then the next, or in turn. */
const orders: readonly Write[] = [
  (turn, numbers) => turn.flatMap((ask) => numbers.map(ask)).join(' or '),
  (turn, numbers) => numbers.flatMap((each) => turn.map((ask) => ask(each))).join(' or '),
  (turn, numbers) =>
    numbers
      .map((each) => `(${turn.map((ask, index) => ask(each + index)).join(' and ')})`)
      .join(' or '),
];

const filter = fc
  .record({
    turn: fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 3 }),
    order: fc.constantFrom(...orders),
    numbers: fc.array(last, { minLength: 4, maxLength: 30 }),
    around: fc.constantFrom(
      (list: string) => list,
      (list: string) => `not (${list})`,
      (list: string) => `tcp and (${list})`,
      (list: string) => `(${list}) and not port 7`,
    ),
  })
  .map(({ turn, order, numbers, around }) => around(order(turn, numbers)));

/** An Ethernet frame with IPv4 or IPv6, of numbers that such filters ask for, cut off anywhere. */
const frame = fc
  .record({
    six: fc.boolean(),
    protocol: fc.constantFrom(6, 6, 17, 1),
    cards: fc.tuple(last, last),
    hosts: fc.tuple(last, last),
    // Of 10.0.NET.0/24: hosts are asked for in 10.0.0.0/24.
    net: fc.oneof(fc.constant(0), last),
    ports: fc.tuple(last, last),
    length: fc.oneof(fc.constant(80), fc.integer({ min: 0, max: 80 })),
  })
  .map(({ six, protocol, cards: [to, from], hosts: [source, target], net, ports, length }) => {
    const bytes = new Uint8Array(80);
    bytes.set([2, 0, 0, 0, 0, to, 2, 0, 0, 0, 0, from, ...(six ? [0x86, 0xdd] : [8, 0])]);
    const prefix = [0x20, 0x01, 0x0d, 0xb8, ...new Array(11).fill(0)];
    const ip = six
      ? [0x60, 0, 0, 0, 0, 20, protocol, 64, ...prefix, source, ...prefix, target]
      : [0x45, 0, 0, 60, 0, 0, 0, 0, 64, protocol, 0, 0, 10, 0, net, source, 10, 0, 0, target];
    bytes.set([...ip, ...ports.flatMap((port) => [0, port])], 14);
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

const hosts: Ask = (number) => `host 10.0.${number % 7}.${number}`;
const cards: Ask = (number) => `ether host 02:00:${(number * 7) % 90}:00:00:${number % 90}`;
const ports: Ask = (number) => `port ${number * 7}`;
const hosts6: Ask = (number) => `ip6 host 2001:db8::${number}`;

const [oneAfterTheOther, inTurn] = orders as [Write, Write, Write];

/** Lists of two kinds, of which few tests may be left, however long they are. */
test.each([
  ['hosts, then cards', oneAfterTheOther, hosts, cards],
  ['cards, then hosts', oneAfterTheOther, cards, hosts],
  ['hosts, then ports', oneAfterTheOther, hosts, ports],
  ['ports, then cards', oneAfterTheOther, ports, cards],
  ['cards, then hosts of IPv6', oneAfterTheOther, cards, hosts6],
  ['hosts and cards in turn', inTurn, hosts, cards],
  ['hosts and ports in turn', inTurn, hosts, ports],
  ['ports and hosts in turn', inTurn, ports, hosts],
  ['hosts of both families in turn', inTurn, hosts, hosts6],
  ['cards and hosts of IPv6 in turn', inTurn, cards, hosts6],
])('%s: tables', (_, order, ...turn) => {
  const numbers = Array.from({ length: 60 }, (_, index) => index + 1);
  const { blocks } = prepare(filterProgram(order(turn, numbers)));
  const left = [...blocks.values()].filter(({ end }) => end.kind === 'branch');
  expect(left.length).toBeLessThan(24);
});
