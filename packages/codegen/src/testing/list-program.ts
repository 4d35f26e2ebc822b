import type { BlockId, Program, TestOp } from '@hookdump/filter';
import fc from 'fast-check';
import {
  arith,
  branch,
  constant,
  load,
  program,
  recall,
  returns,
  returnsValue,
  store,
} from './programs.ts';

/** What the tests ask for: two loads and what masks and shifts make of them. */
const VALUES = [
  load(0, 4, 0),
  load(1, 1, 4),
  arith(20, 0, '&', 30),
  arith(21, 0, '&', 31),
  arith(22, 1, '&', 32),
  arith(23, 0, '&', 33),
  { ...arith(24, 1, '/', 34), op: '>>' },
  store(25, 0, 1),
] as const;

/** 30 to 33: masks, the last with a hole; 34: a shift. */
const CONSTANTS = [
  ...[0xffffff00, 0xfffffffc, 0xf0, 0xff0000ff, 2],
  ...[0, 1, 2, 3, 4, 5, 8, 0xff, 0x100, 0x101, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff],
].map((value, index) => constant(30 + index, value));

const EXITS = [0, 1, 2];

/** What a block may do before it tests. */
const actions = (id: number, index: number) => ({
  test: [],
  load: [load(id, 1, 5 + (index % 3))],
  mask: [arith(id, 0, '&', 30 + (index % 3))],
  store: [store(id, 0, index % 2 === 0 ? 0 : 36)],
  divide: [arith(id, 0, '/', 1)],
});

const step = fc.constantFrom(0, 0, 0, 1, 2, -1, -1, -1, -2, -3, -4);

const block = fc.record({
  left: fc.constantFrom(...[0, 0, 0, 0, 0, 0, 0, 0, 20, 20, 21, 21], ...[1, 1, 1, 22, 23, 24, 25]),
  op: fc.constantFrom<TestOp[]>('==', '==', '==', '==', '>', '>=', '&'),
  right: fc.integer({ min: 35, max: 34 + CONSTANTS.length - 5 }),
  /** To the next block, to an exit, or some blocks further on. */
  to: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom([0, -1], [0, -1], [-1, 0]) },
    { weight: 1, arbitrary: fc.tuple(step, step) },
  ),
  acts: fc.constantFrom(
    'load',
    'load',
    'mask',
    'mask',
    'store',
    'divide',
    ...new Array<undefined>(40).fill(undefined),
  ),
});

/** Programs that are hardly anything but lists, of any shape and with all that can disturb one. */
export const listProgram: fc.Arbitrary<Program> = fc
  .tuple(
    fc.array(block, { minLength: 4, maxLength: 40 }),
    // Where it goes on in two ways at most, there are lists.
    fc.shuffledSubarray([0, 1, 2, 3], { minLength: 2, maxLength: 4 }),
  )
  .map(([blocks, exits]) => {
    const first = blocks.length + 1;
    const target = (at: number, step: number): BlockId =>
      (step < 0
        ? first + exits[(-step - 1) % exits.length]!
        : Math.min(at + 1 + step, first)) as BlockId;
    return program(
      { values: [...CONSTANTS, ...VALUES], end: branch(0, '>=', 35, 1, 1) },
      ...blocks.map(({ left, op, right, to, acts }, index) => {
        const own = 100 + 2 * index;
        return {
          values: actions(own, index)[acts ?? 'test'],
          end: branch(
            acts === undefined || acts === 'store' ? left : own,
            op,
            right,
            target(index + 1, to[0]!),
            target(index + 1, to[1]!),
          ),
        };
      }),
      ...EXITS.map((value) => ({ values: [], end: returns(value) })),
      { values: [recall(10, 0)], end: returnsValue(10) },
    );
  });

const word = fc.oneof(
  fc.constantFrom(0, 1, 2, 3, 4, 5, 8, 0xff, 0x100, 0x101, 0x102, 0x7fffffff, 0x80000000),
  fc.constantFrom(0xfffffffe, 0xffffffff),
  fc.nat(0xffffffff),
);

export const listPacket: fc.Arbitrary<Uint8Array> = fc
  .tuple(word, fc.oneof(fc.nat(8), fc.nat(255)), fc.nat(4))
  .map(([number, byte, more]) => {
    const bytes = new Uint8Array(5 + more);
    new DataView(bytes.buffer).setUint32(0, number);
    bytes[4] = byte;
    bytes.fill(byte, 5);
    return bytes;
  });
