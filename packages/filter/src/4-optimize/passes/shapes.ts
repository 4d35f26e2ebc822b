import { type Expr, type Expressions, mix } from '../graph/expressions.ts';

/**
 * Hashes of expressions that are equal for those which are alike but for where they load from.
 * Each is computed once.
 */
export function exprShapes(table: Expressions): (expr: Expr) => number {
  const shapes: (number | undefined)[] = [];
  const shapeOf = (expr: Expr): number => {
    const known = shapes[expr];
    if (known !== undefined) return known;
    const shape = compute(expr);
    shapes[expr] = shape;
    return shape;
  };
  const compute = (expr: Expr): number => {
    const expression = table.get(expr);
    if (expression.kind === 'load') return mix(expression.size, 7, 0);
    if (expression.kind !== 'arith') return expr;
    const { op, left, right } = expression;
    return mix(shapeOf(left), shapeOf(right), op.charCodeAt(0) + op.length);
  };
  return shapeOf;
}
