import { arith, compare, type Value, type ValueId } from '@hookdump/filter';
import type { Blocks, ListProgram } from '../lists/graph.ts';
import { isList } from '../lists/list.ts';
import { tableFor, tableForKeys } from '../lists/tables/choose.ts';
import type { Walk } from '../lists/tuples/types.ts';
import { YES } from '../lists/tuples/walk.ts';
import type { AnyList } from '../lists/types.ts';

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
    if (end.kind === 'walk') {
      const given = end.values.map((id) => get(known, id));
      const found = walkThrough(end.walk, given, packet);
      if (found === undefined) return 0;
      block = blocks.get(found ? end.yes : end.no)!;
      continue;
    }
    if (end.kind === 'way') {
      block = blocks.get(isFast ? end.no : end.yes)!;
      continue;
    }
    if (end.kind === 'jump') block = blocks.get(end.to)!;
    else if (isFast && 'early' in end) block = blocks.get(end.no)!;
    else {
      const holds =
        end.kind === 'member'
          ? isIn(
              end.list,
              end.values.map((id) => get(known, id)),
            )
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

const tables = new WeakMap<AnyList, (key: readonly number[]) => boolean>();

function isIn(list: AnyList, key: readonly number[]): boolean {
  let has = tables.get(list);
  if (has === undefined) {
    if (isList(list)) {
      const table = tableFor(list.intervals);
      has = ([value]) => table.has(value!);
    } else has = tableForKeys(list.rows).has;
    tables.set(list, has);
  }
  return has(key);
}

/** `undefined`: a load beyond the packet's end. */
function walkThrough(
  { expressions, questions, tests }: Walk,
  given: readonly number[],
  packet: Uint8Array,
): boolean | undefined {
  for (let at = 0; ; ) {
    const test = tests[at];
    if (test === undefined) return at === tests.length + YES;
    const { expression, op } = questions[test.question]!;
    const answer = ask(expression);
    if (answer === undefined) return undefined;
    at = compare(op, answer, test.number) ? test.yes : test.no;
  }

  function ask(at: number): number | undefined {
    const expression = expressions[at]!;
    switch (expression.kind) {
      case 'const':
        return expression.value;
      case 'given':
        return given[expressions.slice(0, at).filter(({ kind }) => kind === 'given').length];
      case 'arith': {
        const [left, right] = [ask(expression.left), ask(expression.right)];
        if (left === undefined || right === undefined) return undefined;
        return arith(expression.op, left, right);
      }
      case 'load': {
        const index = expression.index === undefined ? 0 : ask(expression.index);
        return index === undefined
          ? undefined
          : read(packet, index + expression.offset, expression.size);
      }
      default:
        return expression satisfies never;
    }
  }
}

/** The big-endian number in some bytes; `undefined` if these are not all the packet's. */
function read(packet: Uint8Array, at: number, size: number): number | undefined {
  if (at + size > packet.length) return undefined;
  return packet.subarray(at, at + size).reduce((sum, byte) => sum * 256 + byte, 0);
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
      return read(packet, at, value.size);
    }
    default:
      return value satisfies never;
  }
}
