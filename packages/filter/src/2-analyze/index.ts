import type { Expression, Identifier, Qualifiers } from '../ast/types.ts';
import type { Diagnostic } from '../diagnostic.ts';
import * as messages from '../messages/analyze.ts';
import { unknownWord } from '../messages/diagnostics.ts';
import type { Predicate, PredicateLink } from '../predicate/types.ts';
import {
  etherTypes,
  type LinkProtocol,
  type TransportWord,
  transportProtocols,
} from '../tables/protocols.ts';
import { addressTest } from './addresses-to-tests.ts';
import type { Context } from './context.ts';
import type { ResolvedNames } from './names.ts';
import { portTest, protoTest } from './ports-to-tests.ts';
import { buildTerm } from './terms.ts';

export { collectNames } from './names.ts';

export interface Analyzed {
  /** `undefined` where there are errors. */
  readonly predicate: Predicate | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Phase 2: AST to predicate. Qualifiers are filled in, names resolved, numbers checked. */
export function analyze(ast: Expression | undefined, names: ResolvedNames): Analyzed {
  if (ast === undefined) return { predicate: { kind: 'always' }, diagnostics: [] };
  const context: Context = { names, diagnostics: [] };
  const { predicate } = visit(ast, undefined, context);
  const failed = context.diagnostics.some(({ severity }) => severity === 'error');
  return { predicate: failed ? undefined : predicate, diagnostics: context.diagnostics };
}

/**
 * A predicate, and the qualifiers that an identifier behind it inherits. libpcap's rule
 * (grammar.y): those of the last primitive; none after a word or a comparison; and parentheses
 * leave in force what was before them.
 */
interface Visited {
  readonly predicate: Predicate | undefined;
  readonly inForce: Qualifiers | undefined;
}

function visit(ast: Expression, inForce: Qualifiers | undefined, context: Context): Visited {
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
    case 'primitive':
      return {
        predicate: visit(ast.ids, ast.qualifiers, context).predicate,
        inForce: ast.qualifiers,
      };
    case 'bare':
      return { predicate: identifierTest(ast.id, inForce, context), inForce };
    case 'protocol':
      return { predicate: protocolTest(ast, context), inForce: undefined };
    case 'length-test':
      return {
        predicate: {
          kind: 'relation',
          op: ast.word === 'less' ? '<=' : '>=',
          left: { kind: 'length' },
          right: { kind: 'number', value: ast.value },
        },
        inForce: undefined,
      };
    case 'relation': {
      const left = buildTerm(ast.left, context);
      const right = buildTerm(ast.right, context);
      const predicate: Predicate | undefined = left &&
        right && { kind: 'relation', op: ast.op, left, right };
      return { predicate, inForce: undefined };
    }
    default:
      return ast satisfies never;
  }
}

function visitChain(
  ast: Extract<Expression, { kind: 'chain' }>,
  inForce: Qualifiers | undefined,
  context: Context,
): Visited {
  const first = visit(ast.first, inForce, context);
  let after = first.inForce;
  const rest: PredicateLink[] = [];
  for (const { op, operand } of ast.rest) {
    const visited = visit(operand, after, context);
    after = visited.inForce;
    if (visited.predicate !== undefined) rest.push({ op, operand: visited.predicate });
  }
  const predicate: Predicate | undefined = first.predicate && {
    kind: 'chain',
    first: first.predicate,
    rest,
  };
  return { predicate, inForce: after };
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

function isIdentifiers(ast: Expression): boolean {
  switch (ast.kind) {
    case 'bare':
      return true;
    case 'not':
      return isIdentifiers(ast.operand);
    case 'group':
      return isIdentifiers(ast.inner);
    case 'chain':
      return isIdentifiers(ast.first) && ast.rest.every(({ operand }) => isIdentifiers(operand));
    default:
      return false;
  }
}

function identifierTest(
  id: Identifier,
  qualifiers: Qualifiers | undefined,
  context: Context,
): Predicate | undefined {
  if (qualifiers === undefined) {
    context.diagnostics.push(
      id.kind === 'name'
        ? unknownWord(id.span, id.text, undefined)
        : messages.bareIdentifier(id.span, id.text),
    );
    return undefined;
  }
  switch (qualifiers.type) {
    case undefined:
    case 'host':
    case 'net':
      return addressTest(id, qualifiers, context);
    case 'port':
    case 'portrange':
      return portTest(id, qualifiers, context);
    case 'proto':
      return protoTest(id, qualifiers, context);
    default:
      return qualifiers.type satisfies never;
  }
}

function protocolTest(
  { word, span }: Extract<Expression, { kind: 'protocol' }>,
  context: Context,
): Predicate | undefined {
  if (Object.hasOwn(etherTypes, word)) {
    return { kind: 'link-protocol', protocol: word as LinkProtocol };
  }
  if (Object.hasOwn(transportProtocols, word)) {
    const { number, over } = transportProtocols[word as TransportWord];
    return { kind: 'ip-protocol', number, over };
  }
  context.diagnostics.push(
    messages.qualifierMismatch(
      span,
      `'${word}'`,
      'alone it is no test',
      `as in '${word}[0] & 1 != 0'`,
    ),
  );
  return undefined;
}
