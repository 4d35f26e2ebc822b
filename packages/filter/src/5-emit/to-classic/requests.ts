import type { Block, Program, Value, ValueId } from '../../ir/types.ts';
import { testOperands } from '../../ir/visit.ts';
import { type Expression, none } from './expression-table.ts';
import { Expressions } from './expressions.ts';

/** Something that a block must do beside ending. */
export type Request =
  /** Compute it: it may reject the packet, or is found nowhere else later. */
  | { readonly kind: 'compute'; readonly value: Expression }
  /** Let a word hold it. */
  | { readonly kind: 'store'; readonly word: number; readonly value: Expression };

/** What the blocks of a program are to do, over one table of expressions. */
export interface Requests {
  readonly expressions: Expressions;
  /** For each block, in order. */
  readonly blocks: readonly (readonly Request[])[];
  /** By word: the expression for what it holds where it is `settled`, else `none`. */
  readonly wordExpression: readonly Expression[];
}

/**
 * Reduces the values of blocks to what must happen in them; all else is computed where it is
 * wanted. Left out is a load that cannot reject, because one that reaches as far has been done.
 */
export function findRequests(program: Program): Requests {
  const { isSettled, words } = settledWords(program);
  const expressions = new Expressions(program, isSettled);
  const present = new Float64Array(program.blocks.length).fill(Number.POSITIVE_INFINITY);
  present[0] = 0;
  const wordExpression: Expression[] = new Array(words).fill(none);
  const blocks = program.blocks.map((block): Request[] => {
    const farthest = Math.max(present[block.id]!, bytesLoaded(block));
    if (block.end.kind === 'branch') {
      present[block.end.yes] = Math.min(present[block.end.yes]!, farthest);
      present[block.end.no] = Math.min(present[block.end.no]!, farthest);
    }
    return requestsOf(block, expressions, present[block.id]!, farthest);
  });
  isSettled.forEach((settled, word) => {
    if (settled) wordExpression[word] = expressions.recall(word, 0 as ValueId);
  });
  return { expressions, blocks, wordExpression };
}

/** Of each word: is it only looked at, in the order of blocks, when all has been stored into it? */
function settledWords({ blocks }: Program): { isSettled: boolean[]; words: number } {
  const isLookedAt: boolean[] = [];
  const isSettled: boolean[] = [];
  for (const { values } of blocks) {
    for (const value of values) {
      if (value.kind === 'recall') {
        isLookedAt[value.word] = true;
        isSettled[value.word] ??= true;
      } else if (value.kind === 'store') {
        isSettled[value.word] = isLookedAt[value.word] !== true;
      }
    }
  }
  return {
    isSettled: Array.from(isSettled, (settled) => settled ?? true),
    words: isSettled.length,
  };
}

/** The bytes that are there if the block's loads at constant offsets are in bounds. */
function bytesLoaded({ values }: Block): number {
  let most = 0;
  for (const value of values) {
    if (value.kind === 'load' && value.index === undefined) {
      most = Math.max(most, value.offset + value.size);
    }
  }
  return most;
}

/**
 * @param before bytes known to be there when the block is entered
 * @param after bytes known to be there when it is left
 */
function requestsOf(
  { values, end }: Block,
  expressions: Expressions,
  before: number,
  after: number,
): Request[] {
  const requests: Request[] = [];
  let reached = before;
  for (const value of values) {
    const expression = expressions.add(value);
    if (value.kind === 'store') {
      expressions.uses[expression]!++;
      requests.push({ kind: 'store', word: value.word, value: expression });
    } else if (value.kind === 'load' && value.index === undefined) {
      // The one that reaches farthest checks for all of them.
      if (reached < after && value.offset + value.size === after) {
        reached = after;
        requests.push({ kind: 'compute', value: expression });
      }
    } else if (mayReject(value, expressions) || expressions.costs.isLeaf[expression]!) {
      requests.push({ kind: 'compute', value: expression });
    }
  }
  for (const id of testOperands(end)) expressions.uses[expressions.of(id)]!++;
  return requests;
}

function mayReject(value: Value, expressions: Expressions): boolean {
  if (value.kind === 'load') return true;
  if (value.kind !== 'arith' || (value.op !== '/' && value.op !== '%')) return false;
  const by = expressions.of(value.right);
  return !expressions.isConstant(by) || expressions.number(by) === 0;
}
