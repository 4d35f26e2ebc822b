import type { ArithOp } from '../ir/types.ts';
import { precedence } from './precedence.ts';
import type { Arithmetic } from './types.ts';

/**
 * A number as text that parses to the same tree. `%` and `^` take all that follows them, which few
 * people know: what binds to them is shown by parentheses, even where they could be left out.
 */
export function formatArithmetic(arithmetic: Arithmetic): string {
  return write(arithmetic, deeperThan(arithmetic, deepest) ? needsParentheses : showsParentheses);
}

/**
 * Parentheses count where the parser limits nesting: none that could be left out are added to what
 * is nested more deeply than this.
 */
const deepest = 50;

function deeperThan(arithmetic: Arithmetic, depth: number): boolean {
  switch (arithmetic.kind) {
    case 'binary':
      return (
        depth === 0 ||
        deeperThan(arithmetic.left, depth - 1) ||
        deeperThan(arithmetic.right, depth - 1)
      );
    case 'negate':
      return depth === 0 || deeperThan(arithmetic.operand, depth - 1);
    case 'load':
      return depth === 0 || deeperThan(arithmetic.offset, depth - 1);
    default:
      return false;
  }
}

/** Where an operand stands: before or behind the sign, or behind a unary minus. */
type Side = 'left' | 'right' | 'minus';

/** Must parentheses stand around an operand that is a `binary` or a `negate`? */
type Parentheses = (operand: Arithmetic, side: Side, op: ArithOp | undefined) => boolean;

function write(arithmetic: Arithmetic, parentheses: Parentheses): string {
  const operand = (side: Side, value: Arithmetic, op: ArithOp | undefined): string => {
    const text = write(value, parentheses);
    const compound = value.kind === 'binary' || value.kind === 'negate';
    return compound && parentheses(value, side, op) ? `(${text})` : text;
  };
  switch (arithmetic.kind) {
    case 'number':
      return arithmetic.text ?? String(arithmetic.value);
    case 'length':
      return 'len';
    case 'load': {
      const size = arithmetic.size === 1 ? '' : `:${arithmetic.size}`;
      return `${arithmetic.protocol}[${write(arithmetic.offset, parentheses)}${size}]`;
    }
    case 'negate': {
      const text = operand('minus', arithmetic.operand, undefined);
      return text.startsWith('-') ? `- ${text}` : `-${text}`;
    }
    case 'binary': {
      const { op, left, right } = arithmetic;
      return `${operand('left', left, op)} ${op} ${operand('right', right, op)}`;
    }
    default:
      return arithmetic satisfies never;
  }
}

const level = (op: ArithOp | undefined): number | undefined =>
  op === undefined ? undefined : precedence[op];

/** Without them another tree would come of it. */
const needsParentheses: Parentheses = (operand, side, op) => {
  const inner = operand.kind === 'binary' ? operand.op : undefined;
  switch (side) {
    case 'minus':
      return inner !== undefined && level(inner) !== undefined;
    case 'right':
      return level(op) !== undefined && level(inner) !== undefined && level(inner)! <= level(op)!;
    case 'left':
      if (level(op) === undefined || takesAllBehind(operand)) return true;
      return inner !== undefined && level(inner)! < level(op)!;
    default:
      return side satisfies never;
  }
};

/** Does it end in a `%` or `^`, which would take the sign behind it along? */
function takesAllBehind(arithmetic: Arithmetic): boolean {
  let at = arithmetic;
  for (;;) {
    if (at.kind === 'negate') at = at.operand;
    else if (at.kind === 'binary' && level(at.op) === undefined) return true;
    else if (at.kind === 'binary' && !needsParentheses(at.right, 'right', at.op)) at = at.right;
    else return false;
  }
}

/** They are needed, or a `%` or `^` is on either side of them. */
const showsParentheses: Parentheses = (operand, side, op) =>
  needsParentheses(operand, side, op) ||
  (operand.kind === 'binary' &&
    (level(operand.op) === undefined || (op !== undefined && level(op) === undefined)));
