import type { ArithOp, Value, ValueId } from './types.ts';

const most = 0xffffffff;

/**
 * So many operands are looked at. A value that is used twice by the next, which is used twice by
 * the next, and so on, would be visited exponentially often.
 */
const patience = 64;

/**
 * The largest number that a value can be, from what it is made of. Arithmetic that could wrap
 * gives 2³² − 1, which bounds everything; so does what is made of very many values.
 */
export function upperBound(id: ValueId, values: ReadonlyMap<ValueId, Value>): number {
  let left = patience;
  return bound(id);

  function bound(of: ValueId): number {
    const value = values.get(of)!;
    if (left-- <= 0 && value.kind !== 'const') return most;
    switch (value.kind) {
      case 'const':
        return value.value;
      case 'length':
      case 'ancillary':
      case 'recall':
        return most;
      case 'load':
        return 2 ** (8 * value.size) - 1;
      case 'store':
        return bound(value.value);
      case 'arith':
        return boundOfArith(
          value.op,
          bound(value.left),
          bound(value.right),
          values.get(value.right)!.kind === 'const',
        );
      default:
        return value satisfies never;
    }
  }
}

/** @param exact is `right` not only a bound of the right operand but the operand? */
function boundOfArith(op: ArithOp, left: number, right: number, exact: boolean): number {
  switch (op) {
    case '+':
      return Math.min(left + right, most);
    case '*':
      return Math.min(left * right, most);
    case '&':
      return Math.min(left, right);
    case '|':
    case '^':
      return allOnes(Math.max(left, right));
    case '/':
      return exact && right > 0 ? Math.floor(left / right) : left;
    case '%':
      return Math.min(left, Math.max(0, right - 1));
    case '>>':
      return exact ? (right < 32 ? left >>> right : 0) : left;
    case '<<':
      if (exact) return right < 32 ? Math.min(left * 2 ** right, most) : 0;
      return left === 0 ? 0 : most;
    case '-':
      return most;
    default:
      return op satisfies never;
  }
}

/** The smallest 2ⁿ − 1 that is not below a number: no bit above it can be set. */
const allOnes = (n: number): number => 2 ** (32 - Math.clz32(n)) - 1;
