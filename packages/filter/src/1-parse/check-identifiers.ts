import type { Expression, Identifier } from '../ast/types.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { bareIdentifier } from '../messages/analyze.ts';
import { unknownWord } from '../messages/diagnostics.ts';
import * as messages from '../messages/parse.ts';
import { lost } from './grammar.ts';

/**
 * What libpcap's grammar refuses about identifiers and ours lets pass, to keep one token of
 * lookahead enough: one at the very beginning, and two pairs of parentheses around some.
 *
 * @param others has something else been wrong? Then nothing looks at this tree any more, and
 *   identifiers behind a test that has no qualifiers for them are told about here rather than in
 *   phase 2.
 */
export function checkIdentifiers(ast: Expression, others: boolean): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const first = leftmost(ast);
  if (first.kind === 'bare') diagnostics.push(strayIdentifier(first.id));
  visit(ast, others, diagnostics);
  return diagnostics;
}

const strayIdentifier = (id: Identifier): Diagnostic =>
  id.kind === 'name'
    ? unknownWord(id.span, id.text, undefined)
    : bareIdentifier(id.span, textOf(id));

/** With its prefix length, if it has one. */
const textOf = (id: Identifier): string =>
  'prefix' in id && id.prefix !== undefined ? `${id.text}/${id.prefix}` : id.text;

function visit(ast: Expression, others: boolean, diagnostics: Diagnostic[]): void {
  switch (ast.kind) {
    case 'chain': {
      visit(ast.first, others, diagnostics);
      let before = ast.first;
      for (const { operand } of ast.rest) {
        const id = withoutNot(operand);
        if (others && id.kind === 'bare' && givesNoQualifiers(before)) {
          diagnostics.push(strayIdentifier(id.id));
        }
        visit(operand, others, diagnostics);
        before = operand;
      }
      return;
    }
    case 'not':
      visit(ast.operand, others, diagnostics);
      return;
    case 'group': {
      const inner = ast.inner.kind === 'chain' ? ast.inner.first : ast.inner;
      if (inner.kind === 'group' && leftmost(inner).kind === 'bare' && !isNumber(inner)) {
        diagnostics.push(messages.doubleParentheses(inner.span));
        return;
      }
      visit(ast.inner, others, diagnostics);
      return;
    }
    case 'primitive':
      visit(ast.ids, false, diagnostics);
      return;
    default:
  }
}

function leftmost(ast: Expression): Expression {
  let at = ast;
  for (;;) {
    if (at.kind === 'chain') at = at.first;
    else if (at.kind === 'not') at = at.operand;
    else if (at.kind === 'group') at = at.inner;
    else return at;
  }
}

function withoutNot(ast: Expression): Expression {
  let at = ast;
  while (at.kind === 'not') at = at.operand;
  return at;
}

/** A number in parentheses is a number. */
function isNumber(ast: Expression): boolean {
  let at = ast;
  while (at.kind === 'group') at = at.inner;
  return at.kind === 'bare' && at.id.kind === 'number';
}

/** After these an identifier has nothing to inherit; what could not be read may have had some. */
function givesNoQualifiers(before: Expression): boolean {
  const test = withoutNot(before);
  return test !== lost && !['primitive', 'bare', 'group', 'chain'].includes(test.kind);
}
