import type { BlockId, Value, ValueId } from '@hookdump/filter';
import { constantsOf } from '../decide.ts';
import { type PreparedBlock, targets } from '../prepared.ts';
import { renamed, renamedEnd, type SplitProgram } from './split-tails.ts';

/**
 * Leaves out looking at a scratch word where all ways there have put the same into it, and then
 * what is put into words that nobody looks at: the value itself is read, and can stay as it is in
 * the packet.
 */
export function forwardWords(program: SplitProgram): SplitProgram {
  const forwarded = withoutKnownLooks(program);
  const looked = new Set<number>();
  for (const { values } of forwarded.blocks.values()) {
    for (const value of values) if (value.kind === 'recall') looked.add(value.word);
  }
  return without(forwarded, {
    other: (value) => (value.kind === 'store' && !looked.has(value.word) ? value.value : undefined),
  });
}

/** What words hold. */
type Words = ReadonlyMap<number, ValueId>;

function withoutKnownLooks(program: SplitProgram): SplitProgram {
  const arriving = new Map<BlockId, Words>();
  let words: Map<number, ValueId> = new Map();
  return without(program, {
    enter: ({ id }) => {
      words = new Map(arriving.get(id));
    },
    other: (value) => {
      if (value.kind === 'store') words.set(value.word, value.value);
      return value.kind === 'recall' ? words.get(value.word) : undefined;
    },
    leave: (block) => {
      for (const to of targets(block)) {
        const others = arriving.get(to);
        arriving.set(to, others === undefined ? words : common(words, others));
      }
    },
  });
}

/** What two ways to a block have both put into words. */
const common = (some: Words, others: Words): Words =>
  new Map([...some].filter(([word, id]) => others.get(word) === id));

interface Reading {
  /** The value to be read instead of one, if there is; asked of values that read what is kept. */
  readonly other: (value: Value) => ValueId | undefined;
  /** Told of each block before its values, and behind them. */
  readonly enter?: (block: PreparedBlock) => void;
  readonly leave?: (block: PreparedBlock) => void;
}

/** A program without the values that others can be read for. */
function without(program: SplitProgram, { other, enter, leave }: Reading): SplitProgram {
  const same = new Map<ValueId, ValueId>();
  const idOf = (id: ValueId): ValueId => same.get(id) ?? id;
  const blocks = new Map<BlockId, PreparedBlock>();
  for (const block of program.blocks.values()) {
    enter?.(block);
    const kept: Value[] = [];
    for (const each of block.values) {
      const value = renamed(each, idOf);
      const instead = other(value);
      if (instead === undefined) kept.push(value);
      else same.set(value.id, instead);
    }
    blocks.set(block.id, { id: block.id, values: kept, end: renamedEnd(block.end, idOf) });
    leave?.(block);
  }
  if (same.size === 0) return program;
  const values = [...blocks.values()].flatMap((block) => block.values);
  return {
    blocks,
    byId: new Map(values.map((value) => [value.id, value])),
    constants: constantsOf({ blocks: blocks.values() }),
  };
}
