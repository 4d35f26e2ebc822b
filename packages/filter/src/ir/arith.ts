import type { ArithOp, TestOp } from './types.ts';

/**
 * One arithmetic operation on unsigned 32-bit numbers; `undefined` where classic BPF ends the
 * program (division or modulo by zero). Used by the interpreter and by constant folding, so that
 * the two cannot differ.
 */
export function arith(op: ArithOp, left: number, right: number): number | undefined {
  switch (op) {
    case '+':
      return (left + right) >>> 0;
    case '-':
      return (left - right) >>> 0;
    case '*':
      return Math.imul(left, right) >>> 0;
    case '/':
      return right === 0 ? undefined : Math.floor(left / right);
    case '%':
      return right === 0 ? undefined : left % right;
    case '&':
      return (left & right) >>> 0;
    case '|':
      return (left | right) >>> 0;
    case '^':
      return (left ^ right) >>> 0;
    // JavaScript, like the hardware, takes a shift count modulo 32; bpf_filter() does not.
    case '<<':
      return right > 31 ? 0 : (left << right) >>> 0;
    case '>>':
      return right > 31 ? 0 : left >>> right;
    default:
      return op satisfies never;
  }
}

/** One test on unsigned 32-bit numbers. */
export function compare(op: TestOp, left: number, right: number): boolean {
  switch (op) {
    case '==':
      return left === right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case '&':
      return (left & right) !== 0;
    default:
      return op satisfies never;
  }
}
