import type { Block, Program, Terminator, Value, ValueId } from './types.ts';

/** A program as text: a line for each block's head, value and end. For people; not parsed. */
export function printProgram(program: Program): string {
  const head = `; ${program.linkType}, accepts with ${program.snapLen}\n`;
  return head + program.blocks.map(printBlock).join('');
}

function printBlock(block: Block): string {
  const lines = [
    `b${block.id}:`,
    ...block.values.map((value) => `  v${value.id} = ${printValue(value)}`),
    `  ${printEnd(block.end)}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** One value's right-hand side, such as `load.2 [12]` or `v3 & v4`. */
export function printValue(value: Value): string {
  switch (value.kind) {
    case 'const':
      return printNumber(value.value);
    case 'length':
      return 'length';
    case 'load':
      return `load.${value.size} [${value.index === undefined ? '' : `v${value.index} + `}${value.offset}]`;
    case 'arith':
      return `v${value.left} ${value.op} v${value.right}`;
    case 'ancillary':
      return `ancillary ${value.field}`;
    case 'store':
      return `m${value.word} := v${value.value}`;
    case 'recall':
      return `m${value.word}`;
    default:
      return value satisfies never;
  }
}

function printEnd(end: Terminator): string {
  if (end.kind === 'return') return end.value === 0 ? 'reject' : `accept ${end.value}`;
  if (end.kind === 'return-value') return `return v${end.value}`;
  if (end.yes === end.no) return `go to b${end.yes}`;
  const name = (id: ValueId): string => `v${id}`;
  const { op, left, right } = end.test;
  return `if ${name(left)} ${op} ${name(right)} then b${end.yes} else b${end.no}`;
}

function printNumber(value: number): string {
  return value < 10 ? String(value) : `0x${value.toString(16)}`;
}
