import type { BlockId, Value, ValueId } from '@hookdump/filter';
import { entriesOf, type Prepared, type PreparedBlock } from '../prepared.ts';

export type Load = Value & { kind: 'load' };

/** Whether what a field has under a mask is a number. */
export interface FieldTest {
  readonly load: Load;
  readonly mask: number;
  readonly number: number;
  readonly pass: BlockId;
  readonly fail: BlockId;
}

/** Bytes that fields must lie in to be tested at once. */
export const SPAN = 4;

/**
 * Makes one test of two tests of neighbouring fields that fail alike: of an IPv4 packet's protocol,
 * and of its fragment offset, two bytes in front. Only where the first load ends with the four bytes
 * that are then loaded: a packet that ends before fails as it did.
 */
export function mergeFields(prepared: Prepared): Prepared {
  const entries = entriesOf(prepared.blocks);
  const blocks = new Map(prepared.blocks);
  const byId = new Map(prepared.byId);
  const constants = new Map(prepared.constants);
  const uses = new Map(prepared.uses);
  let next = Math.max(-1, ...byId.keys()) + 1;
  const add = <V extends Value>(value: V): V => {
    byId.set(value.id, value);
    if (value.kind === 'const') constants.set(value.id, value.value);
    uses.set(value.id, 1);
    return value;
  };
  for (const id of prepared.blocks.keys()) {
    const block = blocks.get(id);
    const first = block === undefined ? undefined : fieldTest(block, prepared);
    if (block === undefined || first === undefined || entries.get(first.pass) !== 1) continue;
    const behind = blocks.get(first.pass)!;
    const second = fieldTest(behind, prepared);
    if (second === undefined || second.fail !== first.fail) continue;
    if (behind.values.some((value) => value !== second.load && !constants.has(value.id))) continue;
    const end = first.load.offset + first.load.size;
    if (!fits(first.load, second.load, end)) continue;

    const both = (some: number, others: number): number =>
      (shifted(first.load, some, end) | shifted(second.load, others, end)) >>> 0;
    const mask = both(first.mask, second.mask);
    const number = both(first.number, second.number);
    const { index } = first.load;
    const load = add<Load>({
      kind: 'load',
      id: next++ as ValueId,
      size: SPAN,
      offset: end - SPAN,
      ...(index === undefined ? {} : { index }),
    });
    const right = add({ kind: 'const', id: next++ as ValueId, value: mask } as const);
    const masked = add({
      kind: 'arith',
      id: next++ as ValueId,
      op: '&',
      left: load.id,
      right: right.id,
    } as const);
    const wanted = add({ kind: 'const', id: next++ as ValueId, value: number } as const);
    blocks.set(id, {
      id,
      values: [
        ...block.values.filter((value) => value !== first.load),
        ...behind.values.filter((value) => value !== second.load),
        ...[load, right, masked, wanted],
      ],
      end: {
        kind: 'branch',
        test: { op: '==', left: masked.id, right: wanted.id },
        yes: second.pass,
        no: first.fail,
      },
    });
    blocks.delete(first.pass);
  }
  if (blocks.size === prepared.blocks.size) return prepared;
  return { ...prepared, blocks, byId, constants, uses };
}

/** The block's test, if it is of a field that it loads last, and nobody else reads. */
export function fieldTest(
  { values, end }: PreparedBlock,
  { constants, uses }: Prepared,
): FieldTest | undefined {
  if (end.kind !== 'branch' || (end.test.op !== '==' && end.test.op !== '&')) return undefined;
  const number = constants.get(end.test.right);
  const load = values.filter((value) => !constants.has(value.id)).at(-1);
  if (number === undefined || load?.kind !== 'load' || load.id !== end.test.left) return undefined;
  const all = 2 ** (8 * load.size) - 1;
  if (load.size === SPAN || uses.get(load.id) !== 1 || number > all) return undefined;
  return end.test.op === '=='
    ? { load, mask: all, number, pass: end.yes, fail: end.no }
    : { load, mask: number, number: 0, pass: end.no, fail: end.yes };
}

/** Bits of a field as bits of the number whose bytes end at `end`. */
export const shifted = ({ offset, size }: Load, bits: number, end: number): number =>
  (bits << (8 * (end - offset - size))) >>> 0;

export const fits = (first: Load, second: Load, end: number): boolean =>
  first.index === second.index &&
  end >= SPAN &&
  second.offset >= end - SPAN &&
  second.offset + second.size <= first.offset;
