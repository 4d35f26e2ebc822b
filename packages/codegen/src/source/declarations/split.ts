import { type Token, tokensOf, usesIn } from './tokens.ts';

/** Something at the top level of a C text: a function, a variable, a type, a macro, a directive. */
export interface Declaration {
  /** As it stands there, with the comments above it, and one of the empty lines before. */
  readonly text: string;
  readonly tokens: readonly Token[];
  /** What can be used elsewhere by these names; struct, union and enum tags apart. */
  readonly names: readonly string[];
  readonly tags: readonly string[];
}

/**
 * Splits C as our templates and the emitter write it: each declaration ends at the end of a line, and
 * none is made by a macro that pastes its whole name.
 */
export function splitDeclarations(text: string): Declaration[] {
  const declarations: Declaration[] = [];
  let lines: string[] = [];
  let open = 0;
  let conditions = 0;
  for (const line of linesOf(text)) {
    lines.push(line.text);
    const isDirective = open === 0 && /^\s*#/.test(line.code);
    if (isDirective) {
      conditions += /^\s*#\s*if/.test(line.code) ? 1 : /^\s*#\s*endif/.test(line.code) ? -1 : 0;
    } else {
      open += count(line.code, /[{([]/g) - count(line.code, /[})\]]/g);
    }
    const code = line.code.trim();
    const isEnd = isDirective || /[;}]$|^(?!SEC\b)[A-Z_]+\([^;]*\)$/.test(code);
    if (open > 0 || conditions > 0 || code === '' || !isEnd) continue;
    declarations.push(declaration(lines));
    lines = [];
  }
  if (lines.some((line) => line.trim() !== '')) declarations.push(declaration(lines));
  return declarations;
}

export interface Line {
  readonly text: string;
  /** Without comments, and with strings emptied. */
  readonly code: string;
}

/** Lines, of which those that a backslash or a comment joins are one. */
export function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let line = '';
  let code = '';
  const end = (): void => {
    lines.push({ text: line, code });
    line = '';
    code = '';
  };
  for (const { kind, text: part } of tokensOf(text)) {
    if (kind === 'comment') {
      line += part;
      continue;
    }
    const pieces = kind === 'space' ? part.split('\n') : [part];
    pieces.forEach((piece, at) => {
      if (at > 0) {
        if (code.endsWith('\\')) line += '\n';
        else end();
      }
      line += piece;
      code += kind === 'string' ? '""' : piece;
    });
  }
  end();
  return lines;
}

const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;

function declaration(lines: readonly string[]): Declaration {
  const text = lines.join('\n').replace(/^\n+/, '\n');
  const tokens = tokensOf(text);
  return { text, tokens, ...declared(tokens) };
}

/** What a declaration declares. */
function declared(tokens: readonly Token[]): Pick<Declaration, 'names' | 'tags'> {
  const uses = usesIn(tokens);
  const code = tokens
    .map(({ kind, text }) => (kind === 'comment' ? ' ' : kind === 'string' ? '""' : text))
    .join('');
  const macros = [...code.matchAll(/^\s*#\s*define\s+(\w+)/gm)].map((match) => match[1]!);
  const tags = uses
    .filter(({ isTag, at }) => isTag && /^\s*\{/.test(rest(tokens, at)))
    .map(({ name }) => name);
  if (macros.length > 0 || /^\s*#/.test(code)) return { names: macros, tags };
  return { names: [...enumerators(code), ...declarators(code)], tags };
}

const rest = (tokens: readonly Token[], at: number): string =>
  tokens
    .slice(at + 1)
    .map(({ text }) => text)
    .join('');

function enumerators(code: string): string[] {
  return [...code.matchAll(/\benum\b[^{;()]*\{([^}]*)\}/g)].flatMap(([, body]) =>
    [...body!.matchAll(/(?:^|,)\s*(\w+)/g)].map((match) => match[1]!),
  );
}

/** What a body in braces is replaced by. */
const BODY = ' @ ';

/** The name of the function, the variables or the type. */
function declarators(code: string): string[] {
  // Inner bodies first, until none is left.
  let outside = code;
  for (let before = ''; before !== outside; ) {
    before = outside;
    outside = outside.replace(/\{[^{}]*\}/g, BODY);
  }
  outside = outside
    .replace(/=[^;]*/g, '')
    .replace(/__attribute__\s*\(\(.*?\)\)(?=[\s;]|$)/g, '')
    .replace(/\bSEC\s*\([^)]*\)/g, '');
  // What is extern has its name from the kernel, which declares it.
  if (/^\s*(?:_Static_assert|extern)\b/.test(outside)) return [];
  const pointer = /\(\s*\*\s*(\w+)/.exec(outside);
  const called = /(\w+)\s*\(/.exec(outside);
  const plain = /(\w+)\s*(?:\[[^;]*)?;?\s*$/.exec(outside);
  const name = pointer?.[1] ?? called?.[1] ?? plain?.[1];
  // `struct packet;` declares a tag, and MACRO(…) nothing that is known by its name.
  if (name === undefined || /^\s*(struct|union|enum)\s+\w+\s*;?\s*$/.test(outside)) return [];
  if (/^\s*\w+\s*\([^;]*\)\s*;?\s*$/.test(outside)) return [];
  return [name];
}
