import { resolveConditions } from './conditions.ts';
import { pastedPrefixes } from './rename.ts';
import { type Declaration, splitDeclarations } from './split.ts';
import { tokensOf, usesIn } from './tokens.ts';

/**
 * A C file without the declarations that nothing in it needs, for people: headers declare for all kinds
 * of hooks what one filter at one of them asks little of. What is built of it is the same.
 *
 * @param text as our templates and the emitter write it
 */
export function pruneDeclarations(text: string): string {
  let left = resolveConditions(text);
  // What went may have been the only use of something else.
  for (let before = ''; before !== left; ) {
    before = left;
    const declarations = splitDeclarations(left);
    left = withoutIdleNames(join(declarations, needed(declarations)));
  }
  return withoutIdleAttributes(left).replace(/\n{3,}/g, '\n\n');
}

/** What a loader, the compiler or the file itself asks for, and all that this uses. */
function needed(declarations: readonly Declaration[]): ReadonlySet<Declaration> {
  const byName = new Map<string, Declaration[]>();
  const called = calledMacros(declarations);
  for (const each of declarations) {
    for (const name of [...each.names, ...each.tags.map(tagKey), ...(called.get(each) ?? [])]) {
      byName.set(name, [...(byName.get(name) ?? []), each]);
    }
  }
  const kept = new Set(declarations.filter((each) => !called.has(each) && !mayGo(each)));
  // What is added while this goes on is looked at too.
  for (const each of kept) {
    for (const { name, isTag } of usesIn(each.tokens)) {
      for (const used of byName.get(isTag ? tagKey(name) : name) ?? []) kept.add(used);
    }
  }
  for (const each of declarations) {
    if (/^\s*_Static_assert/.test(codeOf(each)) && usesOnly(each, kept, byName)) kept.add(each);
  }
  return kept;
}

/** Lines such as `UNKNOWN(mark)`, and what the macro declares there by putting names together. */
function calledMacros(
  declarations: readonly Declaration[],
): ReadonlyMap<Declaration, readonly string[]> {
  const macros = new Map(declarations.flatMap((each) => each.names.map((name) => [name, each])));
  const called = new Map<Declaration, readonly string[]>();
  for (const each of declarations) {
    const [, macro = '', argument = ''] = /^\s*([A-Z_]+)\((\w+)\)\s*$/.exec(codeOf(each)) ?? [];
    const definition = macros.get(macro);
    if (definition === undefined) continue;
    called.set(
      each,
      pastedPrefixes([definition]).map((prefix) => prefix + argument),
    );
  }
  return called;
}

const tagKey = (tag: string): string => `struct ${tag}`;

/** Whether an assertion is about nothing that goes. */
const usesOnly = (
  { tokens }: Declaration,
  kept: ReadonlySet<Declaration>,
  byName: ReadonlyMap<string, readonly Declaration[]>,
): boolean =>
  usesIn(tokens).every(({ name, isTag }) =>
    (byName.get(isTag ? tagKey(name) : name) ?? []).every((each) => kept.has(each)),
  );

/** Static functions and constants, helpers, types, macros: whoever needs one says its name. */
const LOCAL =
  /^\s*(?:static|HELPER|typedef|#\s*define|_Static_assert)\b|^\s*(?:struct|enum|union)\b[^;{()]*\{/;

/** `#if` to `#endif` with nothing but macros in it. */
const MACROS = /^\s*#\s*if(?:(?:.*\\\n)*.*\n\s*#)+\s*endif\s*$/;

function mayGo(declaration: Declaration): boolean {
  const code = codeOf(declaration);
  if (MACROS.test(code)) return declaration.names.length > 0;
  if (!LOCAL.test(code) || /\bSEC\s*\(/.test(code)) return false;
  // A variable of a type that is written there, such as a map.
  if (/^\s*struct\s*\{/.test(code)) return false;
  return declaration.names.length + declaration.tags.length > 0 || /^\s*_Static/.test(code);
}

const codeOf = ({ tokens }: Declaration): string =>
  tokens
    .filter(({ kind }) => kind !== 'comment')
    .map(({ text }) => text)
    .join('');

const COMMENTS_ABOVE = /^\n*(?:(?:\/\*(?:(?!\*\/)[\s\S])*\*\/|\/\/[^\n]*)\s*)*/;

/** A comment above several lines that stand together stays as long as one of them does. */
function join(all: readonly Declaration[], kept: ReadonlySet<Declaration>): string {
  const out: string[] = [];
  let above = '';
  for (const each of all) {
    const isNewParagraph = /^\n/.test(each.text);
    if (isNewParagraph) above = '';
    const comments = COMMENTS_ABOVE.exec(each.text)![0];
    if (!kept.has(each)) {
      if (isNewParagraph) above = comments;
      continue;
    }
    out.push(
      comments.trim() === ''
        ? above + each.text.slice(isNewParagraph ? 0 : comments.length)
        : each.text,
    );
    above = '';
  }
  return `${out.join('\n')}\n`;
}

/** `#pragma clang attribute push` … `pop`, which must be about a struct. */
const ATTRIBUTE = /^#pragma clang attribute push[^\n]*\n([\s\S]*?)#pragma clang attribute pop\n/gm;

const withoutIdleAttributes = (text: string): string =>
  text.replace(ATTRIBUTE, (all, within: string) =>
    /\bstruct\s+\w+\s*\{/.test(within) ? all : within,
  );

/** A macro with all lines that a backslash joins. */
const MACRO = /^#define (\w+)(?:.*\\\n)*.*\n/gm;
/** An enum of which one can go without the others changing. */
const NUMBERS = /^enum \{ (\w+ = -?\d+(?:, \w+ = -?\d+)*) \};$/gm;

/**
 * Without single names of what stands or goes as a whole: macros within `#if`, which each branch defines,
 * and numbers of an enum.
 */
function withoutIdleNames(text: string): string {
  const counts = new Map<string, number>();
  const count = (name: string, by: number) => counts.set(name, (counts.get(name) ?? 0) + by);
  for (const { kind, text: name } of tokensOf(text)) if (kind === 'name') count(name, 1);
  for (const [, name] of text.matchAll(MACRO)) count(name!, -1);
  return text
    .replace(MACRO, (all, name: string) => (counts.get(name) === 0 ? '' : all))
    .replace(NUMBERS, (_, list: string) => {
      const used = list.split(', ').filter((each) => counts.get(each.split(' ')[0]!) !== 1);
      return `enum { ${used.join(', ')} };`;
    });
}
