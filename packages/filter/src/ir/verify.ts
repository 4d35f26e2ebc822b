import { dominates, findDominators } from './dominators.ts';
import type { Block, BlockId, Program, Value, ValueId } from './types.ts';
import { operands, successors, testOperands } from './visit.ts';

const isU32 = (n: number): boolean => Number.isInteger(n) && n >= 0 && n <= 0xffffffff;

/**
 * Checks what `types.ts` promises of a program: numbering, edges that lead forward, every value
 * defined once and on every path before its use, 32-bit constants.
 *
 * @returns what is wrong, a line each; empty for a good program
 */
export function verify(program: Program): string[] {
  const wrong = [...verifyBlocks(program), ...program.blocks.flatMap(verifyNumbers)];
  // Without sound edges there are no dominators to ask.
  return wrong.length > 0 ? wrong : verifyUses(program);
}

function verifyBlocks({ blocks }: Program): string[] {
  const wrong: string[] = [];
  const reached = new Set<BlockId>([0 as BlockId]);
  if (blocks.length === 0) wrong.push('no block');
  blocks.forEach((block, index) => {
    const at = `b${index}`;
    if (block.id !== index) wrong.push(`${at}: is numbered b${block.id}`);
    if (!reached.has(index as BlockId)) wrong.push(`${at}: nothing leads here`);
    for (const to of successors(block.end)) {
      if (to <= index) wrong.push(`${at}: leads back to b${to}`);
      else if (to >= blocks.length) wrong.push(`${at}: leads to b${to}, which is not there`);
      reached.add(to);
    }
  });
  return wrong;
}

function verifyNumbers({ id, values, end }: Block): string[] {
  const wrong = values.map(wrongNumber).filter((text) => text !== undefined);
  if (end.kind === 'return' && !isU32(end.value)) wrong.push(`returns ${end.value}`);
  return wrong.map((text) => `b${id}: ${text}`);
}

function wrongNumber(value: Value): string | undefined {
  switch (value.kind) {
    case 'const':
      return isU32(value.value)
        ? undefined
        : `v${value.id} = ${value.value} is not a 32-bit number`;
    case 'load':
      return isU32(value.offset) && [1, 2, 4].includes(value.size)
        ? undefined
        : `v${value.id} loads ${value.size} bytes at ${value.offset}`;
    case 'store':
    case 'recall':
      return isU32(value.word) ? undefined : `v${value.id} names a scratch word ${value.word}`;
    default:
      return undefined;
  }
}

/** Every value is defined once, in a block that all paths to its uses go through. */
function verifyUses(program: Program): string[] {
  const wrong: string[] = [];
  const dominators = findDominators(program);
  const definedIn = new Map<ValueId, BlockId>();
  for (const { id, values, end } of program.blocks) {
    const isKnown = (operand: ValueId): boolean => {
      const block = definedIn.get(operand);
      return block !== undefined && dominates(dominators, block, id);
    };
    for (const value of values) {
      if (definedIn.has(value.id)) wrong.push(`b${id}: v${value.id} is defined twice`);
      for (const operand of operands(value).filter((each) => !isKnown(each))) {
        wrong.push(`b${id}: v${value.id} uses v${operand} before it is set`);
      }
      definedIn.set(value.id, id);
    }
    for (const operand of testOperands(end).filter((each) => !isKnown(each))) {
      wrong.push(`b${id}: ends with v${operand} before it is set`);
    }
  }
  return wrong;
}
