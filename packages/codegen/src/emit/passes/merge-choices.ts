import type { BlockId, Value, ValueId } from '@hookdump/filter';
import { entriesOf, type Prepared, type PreparedBlock } from '../prepared.ts';
import { type FieldTest, fieldTest, fits, type Load, SPAN, shifted } from './merge-fields.ts';

/** Tests of one field for one number after the other. */
interface Chain {
  readonly load: Load;
  readonly tests: readonly {
    readonly block: PreparedBlock;
    readonly number: number;
    readonly yes: BlockId;
  }[];
  /** Where it ends if the field has none of the numbers. */
  readonly none: BlockId;
}

/**
 * Where a field is tested for several numbers and a neighbouring one behind each of them, tests both
 * at once: TCP, UDP or SCTP, and no fragment. As {@link mergeFields} does for one number; what both
 * tests lead to when they fail must be the same, and the first load must end where the four bytes do.
 */
export function mergeChoices(prepared: Prepared): Prepared {
  const entries = entriesOf(prepared.blocks);
  const blocks = new Map(prepared.blocks);
  const byId = new Map(prepared.byId);
  const constants = new Map(prepared.constants);
  const uses = new Map(prepared.uses);
  let next = Math.max(-1, ...byId.keys()) + 1;
  const add = <V extends Value>(value: V, times = 1): V => {
    byId.set(value.id, value);
    if (value.kind === 'const') constants.set(value.id, value.value);
    uses.set(value.id, times);
    return value;
  };
  const constant = (value: number) => add({ kind: 'const', id: next++ as ValueId, value } as const);

  for (const first of prepared.blocks.values()) {
    const chain = chainFrom(first, prepared, entries);
    const behind = chain === undefined ? undefined : testsBehind(chain, prepared, entries);
    if (chain === undefined || behind === undefined) continue;
    const { load: field, tests } = chain;
    const other = [...behind.values()][0]!;
    const end = field.offset + field.size;
    const all = 2 ** (8 * field.size) - 1;
    const { index } = field;
    const load = add<Load>({
      ...{ kind: 'load', id: next++ as ValueId, size: SPAN, offset: end - SPAN },
      ...(index === undefined ? {} : { index }),
    });
    const right = constant((shifted(field, all, end) | shifted(other.load, other.mask, end)) >>> 0);
    const masked = add(
      { kind: 'arith', id: next++ as ValueId, op: '&', left: load.id, right: right.id } as const,
      tests.length,
    );
    for (const { block, number, yes } of tests) {
      const wanted = constant(
        (shifted(field, number, end) | shifted(other.load, other.number, end)) >>> 0,
      );
      const kept = block.values.filter((value) => value !== field);
      blocks.set(block.id, {
        id: block.id,
        values: [...kept, ...(block === first ? [load, right, masked] : []), wanted],
        end: {
          kind: 'branch',
          test: { op: '==', left: masked.id, right: wanted.id },
          yes: behind.get(yes)!.pass,
          no: (block.end as Extract<PreparedBlock['end'], { kind: 'branch' }>).no,
        },
      });
    }
    for (const id of behind.keys()) blocks.delete(id);
  }
  if (blocks.size === prepared.blocks.size) return prepared;
  return { ...prepared, blocks, byId, constants, uses };
}

/** The tests of what a block loads last, if there are several and nobody else reads it. */
function chainFrom(
  first: PreparedBlock,
  { blocks, constants, uses }: Prepared,
  entries: ReadonlyMap<BlockId, number>,
): Chain | undefined {
  const load = first.values.filter((value) => !constants.has(value.id)).at(-1);
  if (load?.kind !== 'load' || load.size === SPAN) return undefined;
  const tests: Chain['tests'][number][] = [];
  let block = first;
  for (;;) {
    const { end } = block;
    if (end.kind !== 'branch' || end.test.op !== '==' || end.test.left !== load.id) break;
    const number = constants.get(end.test.right);
    const onlyTests = block === first || block.values.every((value) => constants.has(value.id));
    if (number === undefined || !onlyTests || (block !== first && entries.get(block.id) !== 1))
      break;
    tests.push({ block, number, yes: end.yes });
    block = blocks.get(end.no)!;
  }
  if (tests.length < 2 || uses.get(load.id) !== tests.length) return undefined;
  return { load, tests, none: block.id };
}

/** By block that a chain leads to: its test of the other field; only if these are the same test. */
function testsBehind(
  { load, tests, none }: Chain,
  prepared: Prepared,
  entries: ReadonlyMap<BlockId, number>,
): ReadonlyMap<BlockId, FieldTest> | undefined {
  const found = new Map<BlockId, FieldTest>();
  for (const { yes } of tests) {
    const block = prepared.blocks.get(yes)!;
    const test = fieldTest(block, prepared);
    const isAlone = block.values.every(
      (value) => value === test?.load || prepared.constants.has(value.id),
    );
    if (test === undefined || !isAlone || test.fail !== none) return undefined;
    if (!fits(load, test.load, load.offset + load.size)) return undefined;
    if (entries.get(yes) !== tests.filter((each) => each.yes === yes).length) return undefined;
    found.set(yes, test);
  }
  const [first, ...others] = found.values();
  const same = others.every(
    (each) =>
      each.load.offset === first!.load.offset &&
      each.load.size === first!.load.size &&
      each.mask === first!.mask &&
      each.number === first!.number,
  );
  return same ? found : undefined;
}
