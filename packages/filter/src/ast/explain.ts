import { explainPrimitive } from './explain-primitive.ts';
import { explainRelation } from './explain-relation.ts';
import { explainWord } from './explain-words.ts';
import type { Explained } from './explained.ts';
import type { Expression, Qualifiers } from './types.ts';

/**
 * An AST in plain English, as somebody who knows the language well would tell it to somebody who
 * does not: a clause to a line, what belongs together indented below `all of:` or `any of:`, in the
 * order in which it is tested, qualifiers filled in; then notes on what is easily overlooked. Lines
 * end in `\n`.
 *
 * @param ast `undefined` is the empty filter
 */
export function explain(ast: Expression | undefined): string {
  if (ast === undefined) return 'every packet\n';
  const context: Context = { notes: new Set(), inside: undefined };
  const { clause } = visit(ast, undefined, context);
  const notes = [...context.notes].map((note) => `note: ${note}\n`);
  return write(clause, '', '') + notes.join('');
}

type Clause =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'not'; readonly operand: Clause }
  | { readonly kind: 'all' | 'any'; readonly clauses: readonly Clause[] }
  /** A chain that goes to and fro between `and` and `or`. */
  | {
      readonly kind: 'steps';
      readonly first: Clause;
      readonly rest: readonly { readonly op: 'and' | 'or'; readonly clause: Clause }[];
    };

interface Context {
  readonly notes: Set<string>;
  /** Where the last word that moves what follows makes it look. */
  inside: string | undefined;
}

/** As in phase 2: what an identifier behind it takes over. */
interface Visited {
  readonly clause: Clause;
  readonly inForce: Qualifiers | undefined;
}

function visit(ast: Expression, inForce: Qualifiers | undefined, context: Context): Visited {
  switch (ast.kind) {
    case 'chain':
      return visitChain(ast, inForce, context);
    case 'not': {
      const { clause, inForce: after } = visit(ast.operand, inForce, context);
      // Two of them say nothing, in English at least.
      const denied: Clause =
        clause.kind === 'not' ? clause.operand : { kind: 'not', operand: clause };
      return { clause: denied, inForce: after };
    }
    case 'group':
      return { clause: visit(ast.inner, inForce, context).clause, inForce };
    case 'primitive':
      return {
        clause: visit(ast.ids, ast.qualifiers, context).clause,
        inForce: ast.qualifiers,
      };
    case 'bare':
      return { clause: line(explainPrimitive(ast.id, inForce), context), inForce };
    case 'relation':
      return { clause: line(explainRelation(ast), context), inForce: undefined };
    default:
      return { clause: line(explainWord(ast), context), inForce: undefined };
  }
}

const insideNote =
  "all that stands further right looks behind such a header, also after 'or' and outside of parentheses";

function line(
  { text, detail = '', notes = [], moves, fixed }: Explained,
  context: Context,
): Clause {
  for (const note of notes) context.notes.add(note);
  const moved = context.inside !== undefined && fixed !== true;
  const where = moved ? ` ${context.inside}` : '';
  if (moved) context.notes.add(insideNote);
  if (moves !== undefined) context.inside = moves;
  return { kind: 'line', text: text + where + detail };
}

const orderNote = "'and' and 'or' bind alike and are taken from left to right";

function visitChain(
  ast: Extract<Expression, { kind: 'chain' }>,
  inForce: Qualifiers | undefined,
  context: Context,
): Visited {
  const first = visit(ast.first, inForce, context);
  let after = first.inForce;
  const rest = ast.rest.map(({ op, operand }) => {
    const visited = visit(operand, after, context);
    after = visited.inForce;
    return { op, clause: visited.clause };
  });
  const turns = rest.filter(({ op }, index) => index > 0 && op !== rest[index - 1]!.op).length;
  if (turns > 0) context.notes.add(orderNote);
  const clause: Clause =
    turns > mostTurns ? { kind: 'steps', first: first.clause, rest } : nested(first.clause, rest);
  return { clause, inForce: after };
}

/** Deeper than this, indentation tells less than a list of steps. */
const mostTurns = 3;

/** `a or b and c` as all of: any of: a, b; c. */
function nested(
  first: Clause,
  rest: readonly { readonly op: 'and' | 'or'; readonly clause: Clause }[],
): Clause {
  let at = 0;
  let clause = first;
  while (at < rest.length) {
    const { op } = rest[at]!;
    const clauses = [clause];
    for (; rest[at]?.op === op; at++) clauses.push(rest[at]!.clause);
    clause = { kind: op === 'and' ? 'all' : 'any', clauses };
  }
  return clause;
}

const heads = { all: 'all of:', any: 'any of:' } as const;

/** @param lead what stands before the first line's text: a chain of `not` */
function write(clause: Clause, indent: string, lead: string): string {
  switch (clause.kind) {
    case 'line':
      return `${indent}${lead}${clause.text}\n`;
    case 'not':
      return write(clause.operand, indent, `${lead}not `);
    case 'steps': {
      const inner = `${indent}  `;
      const steps = clause.rest.map((step) => write(step.clause, inner, `${step.op} `));
      return `${indent}${lead}step by step, each applied to what came before:\n${write(clause.first, inner, '')}${steps.join('')}`;
    }
    default: {
      const inner = clause.clauses.map((each) => write(each, `${indent}  `, '')).join('');
      return `${indent}${lead}${heads[clause.kind]}\n${inner}`;
    }
  }
}
