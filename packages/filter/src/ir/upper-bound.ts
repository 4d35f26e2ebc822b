import type { Value, ValueId } from './types.ts';

/**
 * The largest number that a value can be, from what it is made of. Arithmetic that could wrap
 * gives 2³² − 1, which bounds everything.
 */
export function upperBound(id: ValueId, values: ReadonlyMap<ValueId, Value>): number {
  const value = values.get(id)!;
  switch (value.kind) {
    case 'const':
      return value.value;
    case 'length':
      return 0xffffffff;
    case 'load':
      return 2 ** (8 * value.size) - 1;
    case 'arith': {
      const left = upperBound(value.left, values);
      const right = upperBound(value.right, values);
      const constant = values.get(value.right)!.kind === 'const';
      switch (value.op) {
        case '+':
          return fits(left + right);
        case '*':
          return fits(left * right);
        case '&':
          return Math.min(left, right);
        case '/':
          return constant && right > 0 ? Math.floor(left / right) : left;
        case '%':
          return Math.min(left, Math.max(0, right - 1));
        case '>>':
          return constant && right < 32 ? left >>> right : left;
        case '<<':
          return constant && right < 32 ? fits(left * 2 ** right) : 0xffffffff;
        default:
          return 0xffffffff;
      }
    }
    default:
      return value satisfies never;
  }
}

const fits = (bound: number): number => Math.min(bound, 0xffffffff);
