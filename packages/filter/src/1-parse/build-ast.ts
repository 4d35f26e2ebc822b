import type { CstNode, IToken } from 'chevrotain';
import type {
  Arithmetic,
  ChainLink,
  Direction,
  Expression,
  Identifier,
  Qualifiers,
  RelationOp,
  TypeWord,
} from '../ast/types.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { ArithOp } from '../ir/types.ts';
import { join, type Span } from '../source.ts';
import { buildArithmetic } from './build-arithmetic.ts';
import { node, nodes, token, tokens, tokensInOrder } from './cst.ts';
import { tokenSpan } from './lex.ts';
import { readNumber } from './read-number.ts';

/** Parse tree to AST; numbers that are none are told in `diagnostics`. */
export function buildAst(filter: CstNode, diagnostics: Diagnostic[]): Expression | undefined {
  const expression = node(filter, 'expression');
  return expression && chain(expression, 'operand', operand, diagnostics);
}

type Build = (cst: CstNode, diagnostics: Diagnostic[]) => Expression;

function chain(cst: CstNode, rule: string, build: Build, diagnostics: Diagnostic[]): Expression {
  const [first, ...others] = nodes(cst, rule).map((each) => build(each, diagnostics));
  const signs = tokensInOrder(cst, 'And', 'Or');
  const rest = others.map(
    (each, index): ChainLink => ({
      op: signs[index]!.tokenType.name === 'And' ? 'and' : 'or',
      operand: each,
    }),
  );
  if (rest.length === 0) return first!;
  return { kind: 'chain', first: first!, rest, span: join(first!.span, rest.at(-1)!.operand.span) };
}

function negated(cst: CstNode, inner: Expression): Expression {
  return tokens(cst, 'Not').reduceRight<Expression>(
    (operand, not) => ({ kind: 'not', operand, span: join(tokenSpan(not), operand.span) }),
    inner,
  );
}

function operand(cst: CstNode, diagnostics: Diagnostic[]): Expression {
  const rules: Record<string, Build> = { relation, group, primitive, lengthTest, identifier: bare };
  const rule = Object.keys(rules).find((name) => node(cst, name) !== undefined)!;
  return negated(cst, rules[rule]!(node(cst, rule)!, diagnostics));
}

const spanOf = (cst: CstNode, first: string, last: string): Span =>
  join(tokenSpan(token(cst, first)!), tokenSpan(token(cst, last)!));

function group(cst: CstNode, diagnostics: Diagnostic[]): Expression {
  const inner = chain(node(cst, 'expression')!, 'operand', operand, diagnostics);
  return { kind: 'group', inner, span: spanOf(cst, 'Open', 'Close') };
}

function primitive(cst: CstNode, diagnostics: Diagnostic[]): Expression {
  const protocol = token(cst, 'Protocol');
  const written = node(cst, 'qualifiers');
  if (written === undefined) {
    return { kind: 'protocol', word: protocol!.image, span: tokenSpan(protocol!) };
  }
  const qualifiers = buildQualifiers(written, protocol);
  const ids = idOperand(node(cst, 'idOperand')!, diagnostics);
  return { kind: 'primitive', qualifiers, ids, span: join(qualifiers.span, ids.span) };
}

function buildQualifiers(cst: CstNode, protocol: IToken | undefined): Qualifiers {
  const type = token(cst, 'Type');
  const written = node(cst, 'direction');
  const directions = written === undefined ? [] : tokens(written, 'Direction');
  const parts = [protocol, ...directions, type].filter((part) => part !== undefined);
  return {
    ...(protocol && { protocol: protocol.image }),
    ...(written && { direction: buildDirection(written) }),
    ...(type && { type: type.image as TypeWord }),
    span: parts.map(tokenSpan).reduce(join),
  };
}

/** `src and src` is `src`; the order of the two does not matter. */
function buildDirection(cst: CstNode): Direction {
  const named = new Set(tokens(cst, 'Direction').map((each) => each.image));
  if (named.size === 1) return [...named][0] as Direction;
  return token(cst, 'And') === undefined ? 'src or dst' : 'src and dst';
}

function idOperand(cst: CstNode, diagnostics: Diagnostic[]): Expression {
  const inner = node(cst, 'idExpression');
  if (inner === undefined) return negated(cst, bare(node(cst, 'identifier')!, diagnostics));
  return negated(cst, {
    kind: 'group',
    inner: chain(inner, 'idOperand', idOperand, diagnostics),
    span: spanOf(cst, 'Open', 'Close'),
  });
}

function bare(cst: CstNode, diagnostics: Diagnostic[]): Expression {
  const id = identifier(cst, diagnostics);
  return { kind: 'bare', id, span: id.span };
}

function identifier(cst: CstNode, diagnostics: Diagnostic[]): Identifier {
  const ipv4 = tokens(cst, 'Ipv4');
  const ipv6 = token(cst, 'Ipv6');
  const numbers = tokens(cst, 'Number');
  const address = ipv4[0] ?? ipv6;
  if (address !== undefined) {
    const prefix = numbers[0];
    const last = prefix ?? ipv4[1] ?? address;
    return {
      kind: ipv6 === undefined ? 'ipv4' : 'ipv6',
      text: address.image,
      ...(prefix && { prefix: readNumber(prefix, diagnostics) }),
      ...(ipv4[1] && { mask: ipv4[1].image }),
      span: join(tokenSpan(address), tokenSpan(last)),
    };
  }
  const number = numbers[0] ?? token(cst, 'Constant');
  if (number !== undefined) {
    const value = readNumber(number, diagnostics);
    return { kind: 'number', value, text: number.image, span: tokenSpan(number) };
  }
  const mac = token(cst, 'Mac');
  if (mac !== undefined) return { kind: 'mac', text: mac.image, span: tokenSpan(mac) };
  const name = token(cst, 'Name') ?? token(cst, 'EscapedName')!;
  return { kind: 'name', text: name.image.replace(/^\\/, ''), span: tokenSpan(name) };
}

function lengthTest(cst: CstNode, diagnostics: Diagnostic[]): Expression {
  const word = token(cst, 'LengthTest')!;
  const number = token(cst, 'Number') ?? token(cst, 'Constant')!;
  return {
    kind: 'length-test',
    word: word.image as 'less' | 'greater',
    value: readNumber(number, diagnostics),
    span: join(tokenSpan(word), tokenSpan(number)),
  };
}

function relation(cst: CstNode, diagnostics: Diagnostic[]): Expression {
  const [left, right] = nodes(cst, 'arithmetic').map((each) => arithmetic(each, diagnostics));
  const sign = token(cst, 'RelationSign')!.image;
  return {
    kind: 'relation',
    op: (sign === '==' ? '=' : sign) as RelationOp,
    left: left!,
    right: right!,
    span: join(left!.span, right!.span),
  };
}

function arithmetic(cst: CstNode, diagnostics: Diagnostic[]): Arithmetic {
  return buildArithmetic(
    nodes(cst, 'factor').map((each) => ({
      minuses: tokens(each, 'Minus').map(tokenSpan),
      value: factor(each, diagnostics),
    })),
    tokensInOrder(cst, 'ArithSign', 'Minus', 'Slash').map((each) => ({
      op: each.image as ArithOp,
    })),
  );
}

function factor(cst: CstNode, diagnostics: Diagnostic[]): Arithmetic {
  const inner = node(cst, 'arithmetic');
  if (inner !== undefined) {
    return { ...arithmetic(inner, diagnostics), span: spanOf(cst, 'ArithOpen', 'Close') };
  }
  const load = node(cst, 'load');
  if (load !== undefined) return buildLoad(load, diagnostics);
  const length = token(cst, 'Length');
  if (length !== undefined) return { kind: 'length', span: tokenSpan(length) };
  const number = token(cst, 'Number') ?? token(cst, 'Constant')!;
  return { kind: 'number', value: readNumber(number, diagnostics), span: tokenSpan(number) };
}

function buildLoad(cst: CstNode, diagnostics: Diagnostic[]): Arithmetic {
  const protocol = token(cst, 'Protocol')!;
  const size = token(cst, 'Number');
  return {
    kind: 'load',
    protocol: protocol.image,
    offset: arithmetic(node(cst, 'arithmetic')!, diagnostics),
    size: size === undefined ? 1 : readNumber(size, diagnostics),
    sizeSpan: tokenSpan(size ?? protocol),
    span: spanOf(cst, 'Protocol', 'CloseBracket'),
  };
}
