import type { ArithOp, LoadSize } from '../../ir/types.ts';
import type { Expr, Expressions } from './expressions.ts';
import { bitsUpTo, isExact } from './fact.ts';

const all = 0xffffffff;

/**
 * An expression for a load, with what is constant of its index in its offset: `[x + 13 … + 14]`
 * becomes `[x + 27]`. Only where the sum cannot wrap, since an index wraps at 32 bits and an
 * offset does not.
 */
export function makeLoad(table: Expressions, size: LoadSize, offset: number, index?: Expr): Expr {
  if (index === undefined) return table.load(size, offset);
  const expression = table.get(index);
  if (expression.kind === 'const' && offset + expression.value <= all) {
    return table.load(size, offset + expression.value);
  }
  if (expression.kind === 'arith' && expression.op === '+') {
    const { left, right } = expression;
    const added = table.constant(right);
    if (added !== undefined) {
      const { lo, hi } = table.fact(left);
      const negative = added - 2 ** 32;
      if (hi + added <= all && offset + added <= all) {
        return makeLoad(table, size, offset + added, left);
      }
      if (lo + negative >= 0 && offset + negative >= 0) {
        return makeLoad(table, size, offset + negative, left);
      }
    }
  }
  return table.load(size, offset, index);
}

/**
 * An expression for arithmetic, in its simplest form: constants are computed and stand on the
 * right, what changes nothing is left out. Its value is that of `left op right` wherever that has
 * one; that a part of it may reject the packet is not its business, but a check's (graph.ts).
 */
export function makeArith(table: Expressions, op: ArithOp, left: Expr, right: Expr): Expr {
  const c = table.constant(right);
  if (c !== undefined) {
    const simple = withConstant(table, op, left, c) ?? table.arith(op, left, right);
    const fact = table.fact(simple);
    return isExact(fact) && (c !== 0 || !divides(op)) ? table.const(fact.lo) : simple;
  }
  switch (op) {
    case '+':
      return makeSum(table, left, right);
    case '-': {
      if (left === right) return table.const(0);
      // (x + c) - y = (x - y) + c
      const [rest, added] = splitSum(table, left);
      if (added === 0) return table.arith('-', left, right);
      return makeArith(table, '+', table.arith('-', rest, right), table.const(added));
    }
    case '*':
    case '&':
    case '|':
    case '^': {
      if (table.constant(left) !== undefined) return makeArith(table, op, right, left);
      if (left === right && op !== '*') return op === '^' ? table.const(0) : left;
      return exactOr(
        table,
        left < right ? table.arith(op, left, right) : table.arith(op, right, left),
      );
    }
    case '<<':
    case '>>':
      if (table.constant(left) === 0) return left;
      return exactOr(table, table.arith(op, left, right));
    case '/':
    case '%':
      return table.arith(op, left, right);
    default:
      return op satisfies never;
  }
}

const divides = (op: ArithOp): boolean => op === '/' || op === '%';

function exactOr(table: Expressions, expr: Expr): Expr {
  const fact = table.fact(expr);
  return isExact(fact) ? table.const(fact.lo) : expr;
}

/** A sum with its constant part at the end, where a load can take it into its offset. */
function makeSum(table: Expressions, left: Expr, right: Expr): Expr {
  if (table.constant(left) !== undefined) return makeArith(table, '+', right, left);
  const [a, addedA] = splitSum(table, left);
  const [b, addedB] = splitSum(table, right);
  const sum = a < b ? table.arith('+', a, b) : table.arith('+', b, a);
  return makeArith(table, '+', sum, table.const((addedA + addedB) >>> 0));
}

/** An expression as something and a constant added to it. */
function splitSum(table: Expressions, expr: Expr): [Expr, number] {
  const expression = table.get(expr);
  if (expression.kind === 'arith' && expression.op === '+') {
    const added = table.constant(expression.right);
    if (added !== undefined) return [expression.left, added];
  }
  return [expr, 0];
}

/** `left op c` in a simpler form, if it has one. */
function withConstant(table: Expressions, op: ArithOp, left: Expr, c: number): Expr | undefined {
  const inner = table.get(left);
  const same = inner.kind === 'arith' ? inner : undefined;
  const d = same && table.constant(same.right);
  switch (op) {
    case '+':
      if (c === 0) return left;
      if (same?.op === '+' && d !== undefined) {
        return makeArith(table, '+', same.left, table.const((c + d) >>> 0));
      }
      return undefined;
    case '-':
      return makeArith(table, '+', left, table.const(-c >>> 0));
    case '*':
      if (c === 0) return table.const(0);
      if (c === 1) return left;
      if ((c & (c - 1)) === 0) return makeArith(table, '<<', left, table.const(31 - Math.clz32(c)));
      if (same?.op === '*' && d !== undefined) {
        return makeArith(table, '*', same.left, table.const(Math.imul(c, d) >>> 0));
      }
      return undefined;
    case '/':
      if (c === 1) return left;
      if (c !== 0 && (c & (c - 1)) === 0) {
        return makeArith(table, '>>', left, table.const(31 - Math.clz32(c)));
      }
      return undefined;
    case '%':
      if (c !== 0 && (c & (c - 1)) === 0) return makeArith(table, '&', left, table.const(c - 1));
      return table.fact(left).hi < c ? left : undefined;
    case '&':
      return withMask(table, left, c);
    case '|':
      if (c === 0) return left;
      if (same?.op === '|' && d !== undefined) {
        return makeArith(table, '|', same.left, table.const((c | d) >>> 0));
      }
      return undefined;
    case '^':
      if (c === 0) return left;
      if (same?.op === '^' && d !== undefined) {
        return makeArith(table, '^', same.left, table.const((c ^ d) >>> 0));
      }
      return undefined;
    case '<<':
      if (c === 0) return left;
      if (c > 31) return table.const(0);
      if (same?.op === '<<' && d !== undefined) return shift(table, '<<', same.left, c + d);
      if (same?.op === '>>' && d === c) return mask(table, same.left, (all << c) >>> 0);
      return undefined;
    case '>>':
      if (c === 0) return left;
      if (c > 31) return table.const(0);
      if (same?.op === '>>' && d !== undefined) return shift(table, '>>', same.left, c + d);
      if (same?.op === '<<' && d === c) return mask(table, same.left, all >>> c);
      return undefined;
    default:
      return op satisfies never;
  }
}

const shift = (table: Expressions, op: '<<' | '>>', expr: Expr, by: number): Expr =>
  makeArith(table, op, expr, table.const(Math.min(by, 32)));

const mask = (table: Expressions, expr: Expr, bits: number): Expr =>
  makeArith(table, '&', expr, table.const(bits));

/** `left & c`, with only those bits in the mask that can be set. */
function withMask(table: Expressions, left: Expr, c: number): Expr | undefined {
  const { zeros, hi } = table.fact(left);
  const open = (~zeros & bitsUpTo(hi)) >>> 0;
  const needed = (c & open) >>> 0;
  if (needed === 0) return table.const(0);
  if (needed === open) return left;
  const inner = table.get(left);
  if (inner.kind === 'arith') {
    const d = table.constant(inner.right);
    if (d !== undefined) {
      if (inner.op === '&') return mask(table, inner.left, (needed & d) >>> 0);
      // What is or-ed in may be masked out again.
      if (inner.op === '|' && (needed & d) === 0) return mask(table, inner.left, needed);
      if (inner.op === '^' && (needed & d) === 0) return mask(table, inner.left, needed);
    }
  }
  return needed === c ? undefined : table.arith('&', left, table.const(needed));
}
