import { EOF, tokenMatcher } from 'chevrotain';
import type { Expression } from '../ast/types.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { buildAst } from './build-ast.ts';
import { explainSyntaxError } from './explain-syntax-error.ts';
import { grammar } from './grammar.ts';
import { lex } from './lex.ts';

export interface Parsed {
  /** `undefined` for the empty filter, and where there are diagnostics. */
  readonly ast: Expression | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Phase 1: text to AST. */
export function parse(text: string): Parsed {
  const { tokens, diagnostics } = lex(text);
  if (diagnostics.length > 0) return { ast: undefined, diagnostics };
  const parser = grammar(tokens);
  const cst = parser.filter();
  const error = parser.errors[0];
  if (error !== undefined) {
    const index = tokenMatcher(error.token, EOF) ? tokens.length : tokens.indexOf(error.token);
    const rule = error.context.ruleStack.at(-1) ?? 'filter';
    return { ast: undefined, diagnostics: [explainSyntaxError(tokens, index, rule, text.length)] };
  }
  const found: Diagnostic[] = [];
  const ast = buildAst(cst, found);
  return { ast: found.length > 0 ? undefined : ast, diagnostics: found };
}
