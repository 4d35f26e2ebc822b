import { isPlainName } from '../tables/spelling.ts';
import { formatArithmetic } from './format-arithmetic.ts';
import type { Expression, Identifier, NameOperand, NumberOperand } from './types.ts';

/**
 * An AST as the text that is the plainest to read and parses to the same AST, its spans aside:
 * words instead of signs, one blank where one is wanted, each word in its first spelling, hardware
 * addresses with colons, a `\` before names that would not be names without. Parentheses around tests stay as they are; those
 * in numbers are set where they say something, `%` and `^` binding as they do.
 *
 * @param ast `undefined` is the empty filter
 */
export function format(ast: Expression | undefined): string {
  return ast === undefined ? '' : formatExpression(ast);
}

export function formatExpression(ast: Expression): string {
  switch (ast.kind) {
    case 'chain': {
      const rest = ast.rest.map(({ op, operand }) => ` ${op} ${formatExpression(operand)}`);
      return formatExpression(ast.first) + rest.join('');
    }
    case 'not':
      return `not ${formatExpression(ast.operand)}`;
    case 'group':
      return `(${formatExpression(ast.inner)})`;
    case 'primitive': {
      const { protocol, direction, type } = ast.qualifiers;
      return spaced(protocol, direction, type, formatExpression(ast.ids));
    }
    case 'bare':
      return formatIdentifier(ast.id);
    case 'protocol':
    case 'word':
      return ast.word;
    case 'cast':
      return spaced(ast.protocol, ast.word);
    case 'encapsulation':
      return spaced(ast.word, ast.value?.text);
    case 'ifindex':
      return `ifindex ${ast.value.text}`;
    case 'byte-test':
      return `byte ${ast.offset.text} ${ast.op} ${ast.value.text}`;
    case 'llc':
      // `rnr` is a word elsewhere, and needs no backslash here.
      return spaced('llc', ast.type?.text === 'rnr' ? 'rnr' : ast.type && formatOperand(ast.type));
    case 'wlan-type':
      return spaced(
        ast.type && `type ${formatOperand(ast.type)}`,
        ast.subtype && `subtype ${formatOperand(ast.subtype)}`,
      );
    case 'wlan-direction':
      return `dir ${formatOperand(ast.value)}`;
    case 'pf':
      return `${ast.field} ${formatOperand(ast.value)}`;
    case 'field':
      return `${ast.field} ${formatAlternatives(ast.alternatives)}`;
    case 'relation':
      return `${formatArithmetic(ast.left)} ${ast.op} ${formatArithmetic(ast.right)}`;
    case 'length-test':
      return `${ast.word} ${ast.value}`;
    default:
      return ast satisfies never;
  }
}

const spaced = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join(' ');

export function formatIdentifier(id: Identifier): string {
  switch (id.kind) {
    case 'number':
    case 'name':
      return formatOperand(id);
    case 'ipv4':
      return `${id.text}${formatPrefix(id.prefix)}${id.mask === undefined ? '' : ` mask ${id.mask}`}`;
    case 'ipv6':
      return `${id.text}${formatPrefix(id.prefix)}`;
    case 'mac':
      return formatMac(id.text);
    case 'mac8':
      return id.text;
    default:
      return id satisfies never;
  }
}

/**
 * A hardware address of six bytes with colons: `0102.030a.0b0c`, `01-02-03-0a-0b-0c` and
 * `0102030a0b0c` are the same one.
 */
const formatMac = (text: string): string =>
  (/^[^:.-]{1,2}[:.-]/.test(text) ? text.split(/[:.-]/) : text.match(/[0-9a-fA-F]{2}/g)!).join(':');

const formatPrefix = (prefix: number | undefined): string =>
  prefix === undefined ? '' : `/${prefix}`;

/** A name that could be taken for something else gets its backslash. */
const formatOperand = ({ kind, text }: NumberOperand | NameOperand): string =>
  kind === 'name' && !isPlainName(text) ? `\\${text}` : text;

function formatAlternatives(
  alternatives: Extract<Expression, { kind: 'field' }>['alternatives'],
): string {
  const [first] = alternatives;
  if (alternatives.length !== 1 || first === undefined) {
    return `(${alternatives.map(({ value }) => value.text).join(' or ')})`;
  }
  return first.op === '=' ? first.value.text : `${first.op} ${first.value.text}`;
}
