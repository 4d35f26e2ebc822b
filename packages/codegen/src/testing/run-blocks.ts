import { arith, compare, type Value, type ValueId } from '@hookdump/filter';
import type { Blocks, ListProgram } from '../lists/graph.ts';
import { tableFor } from '../lists/tables/choose.ts';
import type { List } from '../lists/types.ts';

/**
 * Runs blocks as `run()` of @hookdump/filter runs a program; lists are asked by their tables.
 *
 * @param isFast leaves out the early tests; `undefined` where a load fails then
 */
export function runBlocks(
  blocks: Blocks,
  { constants }: ListProgram,
  packet: Uint8Array,
  isFast = false,
): number | undefined {
  const known = new Map(constants);
  const words = new Map<number, number>();
  let block = [...blocks.values()][0]!;
  for (;;) {
    for (const value of block.values) {
      const number = evaluate(value, packet, known, words);
      if (number === undefined) return isFast ? undefined : 0;
      known.set(value.id, number);
    }
    const { end } = block;
    if (end.kind === 'return') return end.value;
    if (end.kind === 'return-value') return get(known, end.value);
    if (end.kind === 'wide') throw new Error('no list has wide tests');
    if (end.kind === 'jump') block = blocks.get(end.to)!;
    else if (isFast && 'early' in end) block = blocks.get(end.no)!;
    else {
      const holds =
        end.kind === 'member'
          ? isIn(end.list, get(known, end.value))
          : compare(end.test.op, get(known, end.test.left), get(known, end.test.right));
      block = blocks.get(holds ? end.yes : end.no)!;
    }
  }
}

function get(known: ReadonlyMap<ValueId, number>, id: ValueId): number {
  const number = known.get(id);
  if (number === undefined) throw new Error(`v${id} is read before it is there`);
  return number;
}

const tables = new WeakMap<List, (value: number) => boolean>();

function isIn(list: List, value: number): boolean {
  let has = tables.get(list);
  if (has === undefined) {
    has = tableFor(list.intervals).has;
    tables.set(list, has);
  }
  return has(value);
}

function evaluate(
  value: Value,
  packet: Uint8Array,
  known: ReadonlyMap<ValueId, number>,
  words: Map<number, number>,
): number | undefined {
  switch (value.kind) {
    case 'const':
      return value.value;
    case 'length':
      return packet.length;
    case 'ancillary':
      return 0;
    case 'arith':
      return arith(value.op, get(known, value.left), get(known, value.right));
    case 'store':
      words.set(value.word, get(known, value.value));
      return get(known, value.value);
    case 'recall':
      return words.get(value.word) ?? 0;
    case 'load': {
      const at = value.offset + (value.index === undefined ? 0 : get(known, value.index));
      if (at + value.size > packet.length) return undefined;
      return packet.subarray(at, at + value.size).reduce((sum, byte) => sum * 256 + byte, 0);
    }
    default:
      return value satisfies never;
  }
}
