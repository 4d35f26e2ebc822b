import type { Declaration } from './split.ts';
import { usesIn } from './tokens.ts';

/** New names of what is declared at the top level; `undefined`: it keeps its own. */
export interface Renaming {
  readonly name: (name: string) => string | undefined;
  readonly tag: (name: string) => string | undefined;
}

/** The declaration under other names, and what it uses. */
export function rename({ tokens }: Declaration, renaming: Renaming): string {
  const texts = tokens.map(({ text }) => text);
  for (const { at, name, isTag } of usesIn(tokens)) {
    texts[at] = (isTag ? renaming.tag(name) : renaming.name(name)) ?? name;
  }
  return texts.join('');
}

/** The beginnings of names that macros of these declarations put together with `##`. */
export function pastedPrefixes(declarations: readonly Declaration[]): string[] {
  const found = declarations.flatMap(({ text }) =>
    [...text.matchAll(/\b(\w+)##/g)].map((match) => match[1]!),
  );
  return [...new Set(found)];
}
