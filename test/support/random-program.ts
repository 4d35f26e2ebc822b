import type { ArithOp, Block, BlockId, Program, TestOp, Value, ValueId } from '@hookdump/filter';
import fc from 'fast-check';
import {
  ancillary,
  branch,
  type Field,
  recall,
  returnsValue,
  store,
} from '../../packages/codegen/src/testing/programs.ts';

/** What a random number chooses among is only known while the program grows: `pick` is modulo. */
interface ValueSpec {
  readonly kind: Value['kind'];
  readonly number: number;
  readonly size: 1 | 2 | 4;
  readonly offset: number;
  readonly indexed: boolean;
  readonly op: ArithOp;
  readonly left: number;
  readonly right: number;
  readonly field: Field;
  readonly word: number;
}

interface BlockSpec {
  readonly values: readonly ValueSpec[];
  readonly op: TestOp;
  readonly left: number;
  readonly right: number;
  readonly to: readonly [number, number];
  readonly returns: number | 'value' | undefined;
}

const number = fc.oneof(
  fc.constantFrom(0, 1, 2, 4, 6, 15, 31, 32, 33, 255, 0x800, 0xffff, 0x10000, 0x7fffffff),
  fc.constantFrom(0x80000000, 0xfffffffe, 0xffffffff),
  fc.nat(0xffffffff),
);
const offset = fc.oneof(
  { weight: 8, arbitrary: fc.nat(70) },
  { weight: 2, arbitrary: fc.nat(200) },
  { weight: 1, arbitrary: fc.constantFrom(0xfffb, 0xfffe, 0xffff, 0x10000, 0xfffffffe) },
);
const value: fc.Arbitrary<ValueSpec> = fc.record({
  kind: fc.constantFrom(
    ...(['const', 'const', 'length', 'load', 'load', 'load', 'arith', 'arith'] as const),
    ...(['ancillary', 'store', 'store', 'recall', 'recall'] as const),
  ),
  number,
  size: fc.constantFrom(1, 2, 4),
  offset,
  indexed: fc.boolean(),
  op: fc.constantFrom('+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>', '&', '<<'),
  left: fc.nat(50),
  right: fc.nat(50),
  // Not the CPU: which one a packet is looked at on is nobody's choice.
  field: fc.constantFrom(
    ...(['protocol', 'packet-type', 'interface-index', 'mark', 'queue', 'hardware-type'] as const),
    ...(['receive-hash', 'vlan-tag', 'vlan-tag-present', 'vlan-protocol'] as const),
  ),
  word: fc.nat(2),
});
const block: fc.Arbitrary<BlockSpec> = fc.record({
  values: fc.array(value, { maxLength: 6 }),
  op: fc.constantFrom('==', '>', '>=', '&'),
  left: fc.nat(50),
  right: fc.nat(50),
  to: fc.tuple(fc.nat(3), fc.nat(5)),
  returns: fc.option(fc.constantFrom(0, 1, 96, 262144, 0xffffffff, 'value' as const), {
    nil: undefined,
    freq: 5,
  }),
});

/** Programs of every shape that `verify` of @hookdump/filter takes, of so many blocks. */
export const randomProgramOf = (least: number, most: number): fc.Arbitrary<Program> =>
  fc
    .array(block, { minLength: least, maxLength: most, size: 'max' })
    // Most of these return: few are left, so that programs go on.
    .map((specs) =>
      grow(specs.map((spec, index) => (index % 8 === 7 ? spec : { ...spec, returns: undefined }))),
    );

/** Small ones. */
export const randomProgram: fc.Arbitrary<Program> = fc
  .array(block, { minLength: 1, maxLength: 8 })
  .map(grow);

function grow(specs: readonly BlockSpec[]): Program {
  const count = specs.length + 2;
  const edges = specs.map(({ to }, index) =>
    to.map((step) => Math.min(index + 1 + step, count - 1)),
  );
  const reached = new Set([0]);
  for (const [index, spec] of specs.entries()) {
    if (reached.has(index) && spec.returns === undefined)
      for (const to of edges[index]!) reached.add(to);
  }
  const order = [...reached].sort((a, b) => a - b);
  const numbered = new Map(order.map((old, index) => [old, index as BlockId]));

  const available = new Map<number, readonly ValueId[]>();
  let next = 0;
  const blocks = order.map((old, index): Block => {
    const id = index as BlockId;
    const spec = specs[old];
    if (spec === undefined) {
      return { id, values: [], end: { kind: 'return', value: old === count - 1 ? 0 : 262144 } };
    }
    const known = [...(available.get(old) ?? [])];
    const values: Value[] = [];
    const add = (made: Value): void => {
      values.push(made);
      known.push(made.id);
    };
    for (const each of spec.values) add(make(each, next++ as ValueId, known));
    if (typeof spec.returns === 'number') {
      return { id, values, end: { kind: 'return', value: spec.returns } };
    }
    if (known.length === 0) add({ kind: 'const', id: next++ as ValueId, value: 7 });
    if (spec.returns === 'value')
      return { id, values, end: returnsValue(pickFrom(known, spec.left)) };
    const [yes, no] = edges[old]!;
    for (const to of [yes!, no!]) {
      const before = available.get(to);
      available.set(
        to,
        before === undefined ? known : before.filter((each) => known.includes(each)),
      );
    }
    return {
      id,
      values,
      end: branch(
        pickFrom(known, spec.left),
        spec.op,
        pickFrom(known, spec.right),
        numbered.get(yes!)!,
        numbered.get(no!)!,
      ),
    };
  });
  return { linkType: 'EN10MB', snapLen: 262144, blocks };
}

/** The newest values are the likeliest. */
const pickFrom = (known: readonly ValueId[], from: number): ValueId =>
  known[known.length - 1 - (from % known.length)]!;

function make(spec: ValueSpec, id: ValueId, known: readonly ValueId[]): Value {
  const pick = (from: number): ValueId => pickFrom(known, from);
  if (spec.kind === 'ancillary') return ancillary(id, spec.field);
  if (spec.kind === 'recall') return recall(id, spec.word);
  if (spec.kind === 'store' && known.length > 0) return store(id, spec.word, pick(spec.left));
  if (spec.kind === 'length') return { kind: 'length', id };
  if (spec.kind === 'load') {
    const { size, offset } = spec;
    const index = spec.indexed && known.length > 0 ? { index: pick(spec.left) } : {};
    return { kind: 'load', id, size, offset, ...index };
  }
  if (spec.kind === 'arith' && known.length > 0) {
    return { kind: 'arith', id, op: spec.op, left: pick(spec.left), right: pick(spec.right) };
  }
  return { kind: 'const', id, value: spec.number };
}

/** Frames, from the shortest that BPF_PROG_TEST_RUN takes; many zeros, so that masks are met. */
export const randomPacket: fc.Arbitrary<Uint8Array> = fc
  .array(fc.oneof(fc.nat(255), fc.nat(15), fc.constant(0)), {
    minLength: 14,
    maxLength: 150,
    size: 'max',
  })
  .map((bytes) => Uint8Array.from(bytes));
