import { type Expr, type Expressions, mix } from '../graph/expressions.ts';

/**
 * Hashes of expressions that are equal for those which are alike but for where they load from.
 * Each is computed once.
 */
export function exprShapes(table: Expressions): (expr: Expr) => number {
  const shapes: number[] = [];
  const compute = (expr: Expr): number => {
    const expression = table.get(expr);
    if (expression.kind === 'load') return mix(expression.size, 7, 0);
    if (expression.kind !== 'arith') return expr;
    const { op, left, right } = expression;
    return mix(shapes[left]!, shapes[right]!, op.charCodeAt(0) + op.length);
  };
  return (expr) => {
    // Parts have lower numbers than what is made of them.
    while (shapes.length <= expr) shapes.push(compute(shapes.length as Expr));
    return shapes[expr]!;
  };
}
