import type { Block, Program, Terminator, Value } from '../../ir/types.ts';

/** Are two programs the same but for the numbers of their values? */
export function isSameProgram(a: Program, b: Program): boolean {
  if (a.blocks.length !== b.blocks.length) return false;
  /** The number in `b` of each value in `a`. */
  const names: number[] = [];
  return a.blocks.every((block, at) => isSameBlock(block, b.blocks[at]!, names));
}

function isSameBlock(a: Block, b: Block, names: number[]): boolean {
  return (
    a.values.length === b.values.length &&
    a.values.every((value, at) => isSameValue(value, b.values[at]!, names)) &&
    isSameEnd(a.end, b.end, names)
  );
}

function isSameValue(a: Value, b: Value, names: number[]): boolean {
  names[a.id] = b.id;
  switch (a.kind) {
    case 'const':
      return b.kind === a.kind && a.value === b.value;
    case 'length':
      return b.kind === a.kind;
    case 'ancillary':
      return b.kind === a.kind && a.field === b.field;
    case 'recall':
      return b.kind === a.kind && a.word === b.word;
    case 'store':
      return b.kind === a.kind && a.word === b.word && names[a.value] === b.value;
    case 'arith':
      return (
        b.kind === a.kind && a.op === b.op && names[a.left] === b.left && names[a.right] === b.right
      );
    case 'load':
      return (
        b.kind === a.kind &&
        a.size === b.size &&
        a.offset === b.offset &&
        (a.index === undefined ? b.index === undefined : names[a.index] === b.index)
      );
    default:
      return a satisfies never;
  }
}

function isSameEnd(a: Terminator, b: Terminator, names: readonly number[]): boolean {
  switch (a.kind) {
    case 'return':
      return b.kind === a.kind && a.value === b.value;
    case 'return-value':
      return b.kind === a.kind && names[a.value] === b.value;
    case 'branch':
      return (
        b.kind === a.kind &&
        a.yes === b.yes &&
        a.no === b.no &&
        // Where both ways lead to one place nobody asks.
        (a.yes === a.no ||
          (a.test.op === b.test.op &&
            names[a.test.left] === b.test.left &&
            names[a.test.right] === b.test.right))
      );
    default:
      return a satisfies never;
  }
}
