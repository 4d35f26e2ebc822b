import { formatExpression } from './format.ts';
import type { Arithmetic, Expression, Identifier } from './types.ts';

/** An AST as an indented outline, a node to a line. For people; not parsed. */
export function printAst(ast: Expression | undefined): string {
  return ast === undefined ? '(empty)\n' : outline(ast, '');
}

function outline(ast: Expression, indent: string): string {
  const line = (text: string): string => `${indent}${text}\n`;
  const inner = `${indent}  `;
  switch (ast.kind) {
    case 'chain':
      return (
        line('chain') +
        outline(ast.first, inner) +
        ast.rest.map(({ op, operand }) => `${indent}${op}\n${outline(operand, inner)}`).join('')
      );
    case 'not':
      return line('not') + outline(ast.operand, inner);
    case 'group':
      return line('group') + outline(ast.inner, inner);
    case 'primitive': {
      const { protocol, direction, type } = ast.qualifiers;
      const words = [protocol, direction && `(${direction})`, type].filter(Boolean).join(' ');
      return line(`primitive ${words}`) + outline(ast.ids, inner);
    }
    case 'bare':
      return line(printIdentifier(ast.id));
    case 'relation':
      return line(`relation ${printArithmetic(ast.left)} ${ast.op} ${printArithmetic(ast.right)}`);
    case 'length-test':
      return line(formatExpression(ast));
    case 'word':
    case 'protocol':
      return line(`${ast.kind} ${ast.word}`);
    default:
      return line(`${ast.kind} ${formatExpression(ast)}`);
  }
}

function printIdentifier(id: Identifier): string {
  const suffix =
    'prefix' in id && id.prefix !== undefined
      ? `/${id.prefix}`
      : 'mask' in id && id.mask !== undefined
        ? ` mask ${id.mask}`
        : '';
  return `${id.kind} ${id.text}${suffix}`;
}

/** With all its parentheses, so that what binds to what can be seen. */
function printArithmetic(arithmetic: Arithmetic): string {
  switch (arithmetic.kind) {
    case 'number':
      return String(arithmetic.value);
    case 'length':
      return 'len';
    case 'load':
      return `${arithmetic.protocol}[${printArithmetic(arithmetic.offset)}:${arithmetic.size}]`;
    case 'binary':
      return `(${printArithmetic(arithmetic.left)} ${arithmetic.op} ${printArithmetic(arithmetic.right)})`;
    case 'negate':
      return `-${printArithmetic(arithmetic.operand)}`;
    default:
      return arithmetic satisfies never;
  }
}
