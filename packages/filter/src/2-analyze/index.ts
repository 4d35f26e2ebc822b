import type { Expression } from '../ast/types.ts';
import type { Diagnostic } from '../diagnostic.ts';
import * as messages from '../messages/analyze.ts';
import { anyOf } from '../messages/encapsulated.ts';
import type { Predicate, PredicateLink } from '../predicate/types.ts';
import type { Context } from './context.ts';
import { type InForce, identifierTest, isIdentifiers, putInForce } from './identifiers.ts';
import type { ResolvedNames } from './names.ts';
import { pfTest } from './pf.ts';
import { protocolTest } from './protocols.ts';
import { buildTerm } from './terms.ts';
import { warnAboutWhole } from './warnings/index.ts';
import { decided, type Relation } from './warnings/relations.ts';
import { wlanDirectionTest, wlanTypeTest } from './wlan.ts';
import { byteTest, castTest, encapsulationTest, fieldTest, llcTest, wordTest } from './words.ts';

export { collectNames } from './names.ts';

export interface AnalyzeOptions {
  /** What `collectNames` asked for, looked up. */
  readonly names?: ResolvedNames | undefined;
  /** Of the network that is captured on, for `ip broadcast`; 0xffffffff: not known. */
  readonly netmask?: number | undefined;
  /** The filter's text, which hints quote from. */
  readonly text?: string | undefined;
  /** Is it for a live capture on Linux? Hints differ. */
  readonly linux?: boolean | undefined;
}

export interface Analyzed {
  /** `undefined` where there are errors. */
  readonly predicate: Predicate | undefined;
  /**
   * What could be understood, with errors as well: without the tests that are wrong, and with
   * stand-ins for names that nobody knows. Phase 3 finds in it what the link type cannot have, so
   * that all errors are told in one run. `undefined` where nothing is left.
   */
  readonly understood: Predicate | undefined;
  /** The errors; where there are none, warnings. In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Phase 2: AST to predicate. Qualifiers are filled in, names resolved, numbers checked. */
export function analyze(
  ast: Expression | undefined,
  { names = {}, netmask, text, linux = false }: AnalyzeOptions = {},
): Analyzed {
  if (ast === undefined) {
    const predicate: Predicate = { kind: 'always' };
    return { predicate, understood: predicate, diagnostics: [] };
  }
  const context: Context = { names, netmask, linux, text, diagnostics: [], warnings: [] };
  const { predicate } = visit(ast, undefined, context);
  const { diagnostics } = context;
  if (diagnostics.length > 0) {
    return { predicate: undefined, understood: predicate, diagnostics };
  }
  const warnings = [...context.warnings, ...warnAboutWhole(ast, { text, linux })];
  warnings.sort((a, b) => a.span.start - b.span.start);
  return { predicate, understood: predicate, diagnostics: warnings };
}

/**
 * A predicate, and the qualifiers that an identifier behind it inherits. libpcap's rule
 * (grammar.y): those of the last primitive; none after a word or a comparison; and parentheses
 * leave in force what was before them.
 */
interface Visited {
  readonly predicate: Predicate | undefined;
  readonly inForce: InForce | undefined;
}

function visit(ast: Expression, inForce: InForce | undefined, context: Context): Visited {
  switch (ast.kind) {
    case 'chain':
      return visitChain(ast, inForce, context);
    case 'not': {
      const { predicate, inForce: after } = visit(ast.operand, inForce, context);
      return { predicate: predicate && { kind: 'not', operand: predicate }, inForce: after };
    }
    case 'group':
      checkIdentifierGroup(ast.inner, context);
      return { predicate: visit(ast.inner, inForce, context).predicate, inForce };
    case 'primitive': {
      const own = putInForce(ast.qualifiers, ast.ids, context);
      const predicate =
        ast.ids.kind === 'bare'
          ? identifierTest(ast.ids.id, own, ast.span, context)
          : visit(ast.ids, own, context).predicate;
      return { predicate, inForce: own };
    }
    case 'bare':
      return { predicate: identifierTest(ast.id, inForce, ast.span, context), inForce };
    default:
      return { predicate: wholeTest(ast, context), inForce: undefined };
  }
}

/** What is a test by itself, and leaves no qualifiers in force. */
function wholeTest(
  ast: Exclude<Expression, { kind: 'chain' | 'not' | 'group' | 'primitive' | 'bare' }>,
  context: Context,
): Predicate | undefined {
  switch (ast.kind) {
    case 'protocol':
      return protocolTest(ast, context);
    case 'word':
      return wordTest(ast);
    case 'cast':
      return castTest(ast, context);
    case 'encapsulation':
      return encapsulationTest(ast, context);
    case 'ifindex':
      return { kind: 'interface-index', index: ast.value.value, span: ast.span };
    case 'byte-test':
      return relation(byteTest(ast, context), context);
    case 'llc':
      return llcTest(ast, context);
    case 'wlan-type':
      return wlanTypeTest(ast, context);
    case 'wlan-direction':
      return wlanDirectionTest(ast, context);
    case 'pf':
      return pfTest(ast, context);
    case 'field':
      return fieldTest(ast, context);
    case 'length-test':
      return {
        kind: 'relation',
        op: ast.word === 'less' ? '<=' : '>=',
        left: { kind: 'length' },
        right: { kind: 'number', value: ast.value },
        span: ast.span,
      };
    case 'relation': {
      const left = buildTerm(ast.left, context);
      const right = buildTerm(ast.right, context);
      if (left === undefined || right === undefined) return undefined;
      return relation({ kind: 'relation', op: ast.op, left, right, span: ast.span }, context);
    }
    default:
      return ast satisfies never;
  }
}

function relation(test: Relation | undefined, { warnings }: Context): Relation | undefined {
  const warning = test && decided(test);
  if (warning !== undefined) warnings.push(warning);
  return test;
}

function visitChain(
  ast: Extract<Expression, { kind: 'chain' }>,
  inForce: InForce | undefined,
  context: Context,
): Visited {
  let { predicate: first, inForce: after } = visit(ast.first, inForce, context);
  const rest: PredicateLink[] = [];
  for (const [index, { op, operand }] of ast.rest.entries()) {
    const list = after === undefined && op === 'or' ? numbersBehind(ast, index) : undefined;
    const visited =
      list === undefined ? visit(operand, after, context) : refuseNumber(operand, list, context);
    after = visited.inForce;
    if (visited.predicate === undefined) continue;
    if (first === undefined) first = visited.predicate;
    else rest.push({ op, operand: visited.predicate });
  }
  return { predicate: first && { kind: 'chain', first, rest }, inForce: after };
}

/** Numbers that `or` joins to an encapsulation: `vlan 2 or 3`. */
interface NumberList {
  readonly word: string;
  readonly numbers: readonly number[];
}

/** @param index of the link that may be such a number; of a list, the first is told about */
function numbersBehind(
  { first, rest }: Extract<Expression, { kind: 'chain' }>,
  index: number,
): NumberList | undefined {
  const before = index === 0 ? first : rest[index - 1]!.operand;
  if (before.kind !== 'encapsulation' || before.value === undefined) return undefined;
  const numbers = [before.value.value];
  for (let at = index; at < rest.length; at++) {
    const { op, operand } = rest[at]!;
    if (op !== 'or' || operand.kind !== 'bare' || operand.id.kind !== 'number') break;
    numbers.push(operand.id.value);
  }
  return numbers.length > 1 ? { word: before.word, numbers } : undefined;
}

function refuseNumber(
  operand: Expression,
  { word, numbers }: NumberList,
  context: Context,
): Visited {
  const form = anyOf(word, numbers, context.linux);
  const hint = form === undefined ? `'${word}' takes one number` : `write '${form}'`;
  const text = operand.kind === 'bare' ? operand.id.text : '';
  context.diagnostics.push(messages.bareIdentifier(operand.span, text, hint));
  return { predicate: undefined, inForce: undefined };
}

/** Parentheses that begin with an identifier hold identifiers only: `port 80 or (443 or 8080)`. */
function checkIdentifierGroup(inner: Expression, context: Context): void {
  if (inner.kind !== 'chain' || !isIdentifiers(inner.first)) return;
  for (const { operand } of inner.rest) {
    if (isIdentifiers(operand)) continue;
    context.diagnostics.push(
      messages.qualifierMismatch(
        operand.span,
        'parentheses',
        'they begin with an identifier, so only identifiers can follow',
      ),
    );
    return;
  }
}
