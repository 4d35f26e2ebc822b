import type { Expr, Expressions } from './expressions.ts';
import { bitsUpTo, decide, type Fact } from './fact.ts';
import type { Test } from './graph.ts';

/** A simpler test; `holds` is false where it is the contrary of the one that was asked about. */
interface Simpler {
  readonly test: Test;
  readonly holds: boolean;
}

const all = 0xffffffff;

/**
 * The simplest test that comes out as this one does, or its outcome if it has only one.
 *
 * @param factOf what is known of an expression where the test is made
 */
export function simplifyTest(
  table: Expressions,
  test: Test,
  factOf: (expr: Expr) => Fact,
): Simpler | boolean {
  let current: Simpler = { test, holds: true };
  for (;;) {
    const { op, left, right } = current.test;
    const outcome =
      left === right && op !== '&' ? op !== '>' : decide(op, factOf(left), factOf(right));
    if (outcome !== undefined) return outcome === current.holds;
    const next = step(table, current.test, factOf);
    if (next === undefined) return current;
    current = { test: next.test, holds: next.holds === current.holds };
  }
}

const same = (test: Test): Simpler => ({ test, holds: true });
const contrary = (test: Test): Simpler => ({ test, holds: false });

/** One step on the way; `undefined` at its end. Each makes the left side smaller, or is the last. */
function step(table: Expressions, test: Test, factOf: (expr: Expr) => Fact): Simpler | undefined {
  const { op, left, right } = test;
  const c = table.constant(right);
  if (c === undefined) return withoutConstant(table, test);
  const of = (stepOp: Test['op'], expr: Expr, constant: number): Test => ({
    op: stepOp,
    left: expr,
    right: table.const(constant >>> 0),
  });
  switch (op) {
    case '==':
      return equals(table, left, c, of, factOf);
    case '&':
      return hasBit(table, left, c, of, factOf);
    case '>': {
      if (c === 0) return contrary(of('==', left, 0));
      if (factOf(left).hi === c + 1) return same(of('==', left, c + 1));
      const inner = exceeds(table, left, c);
      return inner && same(of('>', inner.left, inner.c));
    }
    case '>=': {
      // As `>`, but that it is shown as it was written.
      if (c === 1) return contrary(of('==', left, 0));
      if (factOf(left).hi === c) return same(of('==', left, c));
      const inner = exceeds(table, left, c - 1);
      return inner && inner.c < all ? same(of('>=', inner.left, inner.c + 1)) : undefined;
    }
    default:
      return op satisfies never;
  }
}

type Of = (op: Test['op'], expr: Expr, constant: number) => Test;

/** Constants go to the right, where classic BPF and facts want them. */
function withoutConstant(table: Expressions, { op, left, right }: Test): Simpler | undefined {
  const constant = table.constant(left) !== undefined;
  switch (op) {
    case '==':
    case '&':
      if (left === right) return contrary({ op: '==', left, right: table.const(0) });
      return constant || right < left ? same({ op, left: right, right: left }) : undefined;
    case '>':
      return constant ? contrary({ op: '>=', left: right, right: left }) : undefined;
    case '>=':
      return constant ? contrary({ op: '>', left: right, right: left }) : undefined;
    default:
      return op satisfies never;
  }
}

function equals(
  table: Expressions,
  left: Expr,
  c: number,
  of: Of,
  factOf: (expr: Expr) => Fact,
): Simpler | undefined {
  const expression = table.get(left);
  if (expression.kind !== 'arith') return undefined;
  const { op, left: x, right: y } = expression;
  if ((op === '-' || op === '^') && c === 0) return same({ op: '==', left: x, right: y });
  const d = table.constant(y);
  if (d === undefined) return undefined;
  switch (op) {
    case '+':
      return same(of('==', x, c - d));
    case '^':
      return same(of('==', x, c ^ d));
    case '&': {
      const { zeros, ones } = factOf(x);
      const open = (d & ~zeros & ~ones) >>> 0;
      if ((c & ~open) >>> 0 !== (ones & d) >>> 0) return undefined;
      // What is known of the rest agrees with `c`.
      if (isBit(open)) {
        const bit = of('&', x, open);
        return (c & open) !== 0 ? same(bit) : contrary(bit);
      }
      if ((c & open) === 0) return contrary(of('&', x, open));
      const low = bitsBelow(table, x, d);
      const top = bitsUpTo(table.fact(x).hi);
      if (low !== undefined && (c | low) >>> 0 === top) return same(of('>', x, c - 1));
      return undefined;
    }
    case '<<':
      return fits(table, x, d) ? same(of('==', x, c >>> d)) : undefined;
    case '>>': {
      const least = c * 2 ** d;
      const low = 2 ** d - 1;
      if (c === 0) return contrary(of('>', x, low));
      return least + low >= table.fact(x).hi ? same(of('>', x, least - 1)) : undefined;
    }
    default:
      return undefined;
  }
}

function hasBit(
  table: Expressions,
  left: Expr,
  c: number,
  of: Of,
  factOf: (expr: Expr) => Fact,
): Simpler | undefined {
  const { zeros } = factOf(left);
  const expression = table.get(left);
  if (expression.kind === 'arith') {
    const { op, left: x } = expression;
    const d = table.constant(expression.right);
    if (d !== undefined) {
      if (op === '&') return same(of('&', x, c & d));
      if (op === '<<') return same(of('&', x, c >>> d));
      if (op === '>>') return same(of('&', x, c << d));
      if (op === '|' && (c & d) === 0) return same(of('&', x, c));
    }
  }
  const open = ~zeros >>> 0;
  if ((open & ~c) === 0) return contrary(of('==', left, 0));
  return undefined;
}

/** For `left > c`: something smaller and a constant that it exceeds just then. */
function exceeds(table: Expressions, left: Expr, c: number): { left: Expr; c: number } | undefined {
  const expression = table.get(left);
  if (expression.kind !== 'arith') return undefined;
  const { op, left: x } = expression;
  const d = table.constant(expression.right);
  if (d === undefined) return undefined;
  switch (op) {
    case '&': {
      const low = bitsBelow(table, x, d);
      return low === undefined ? undefined : { left: x, c: (c | low) >>> 0 };
    }
    case '>>': {
      const limit = c * 2 ** d + 2 ** d - 1;
      return limit <= all ? { left: x, c: limit } : undefined;
    }
    case '<<':
      return fits(table, x, d) ? { left: x, c: c >>> d } : undefined;
    case '+':
      return table.fact(x).hi + d <= all && c >= d ? { left: x, c: c - d } : undefined;
    default:
      return undefined;
  }
}

/** The bits below a mask, if the mask keeps all bits of `x` above them. */
export function bitsBelow(table: Expressions, x: Expr, mask: number): number | undefined {
  const low = ((mask & -mask) - 1) >>> 0;
  const { zeros } = table.fact(x);
  return (mask | low | zeros) >>> 0 === all ? low : undefined;
}

/** Does shifting `x` to the left lose no bit? */
const fits = (table: Expressions, x: Expr, by: number): boolean =>
  table.fact(x).hi * 2 ** by <= all;

const isBit = (n: number): boolean => n !== 0 && (n & (n - 1)) === 0;
