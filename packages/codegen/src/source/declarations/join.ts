import { type Renaming, rename } from './rename.ts';
import { type Declaration, splitDeclarations } from './split.ts';
import { usesIn } from './tokens.ts';

/** One of the texts that are joined. */
export interface Part {
  /** Behind the names of what is its own: `hookdump_xdp_web`. A C identifier. */
  readonly name: string;
  readonly text: string;
}

/**
 * Joins C files that were made by the same templates for several filters. What they have in common
 * stands there once; the filters, and everything that calls or is sized by them, once for each, under
 * names that end with that of the part.
 *
 * @param always names that each part is to have of its own, also where all parts say the same
 */
export function joinParts(parts: readonly Part[], always: readonly string[] = []): string {
  const split = parts.map(({ text }) => splitDeclarations(text));
  const own = ownDeclarations(split, always);
  const names = new Set([...own].flatMap((each) => each.names));
  const tags = new Set([...own].flatMap((each) => each.tags));
  // Hooks are numbered through all parts, since they share the map of counters.
  const hooks = split.flatMap((each) => each.filter(isHooks)).flatMap((each) => hookNames(each));
  for (const name of hooks) names.add(name);

  const out: string[] = [];
  split.forEach((declarations, index) => {
    const { name: suffix } = parts[index]!;
    const add = (name: string): string => `${name}_${suffix}`;
    const renaming: Renaming = {
      name: (name) => (names.has(name) ? add(name) : undefined),
      tag: (tag) => (tags.has(tag) ? add(tag) : undefined),
    };
    for (const each of declarations) {
      if (isHooks(each)) {
        if (index === 0) out.push(allHooks(parts, split));
      } else if (own.has(each)) {
        out.push(rename(each, renaming));
      } else if (index === 0) {
        out.push(each.text);
      }
    }
  });
  return `${out.join('\n')}\n`;
}

/** Those that are not the same in all parts, and those that depend on one of them. */
function ownDeclarations(
  split: readonly (readonly Declaration[])[],
  always: readonly string[],
): Set<Declaration> {
  const own = new Set<Declaration>();
  const texts = split.map((declarations) => new Set(declarations.map(({ text }) => text)));
  const names = new Set<string>();
  const tags = new Set<string>();
  const add = (declaration: Declaration): void => {
    own.add(declaration);
    for (const name of declaration.names) names.add(name);
    for (const tag of declaration.tags) tags.add(tag);
  };
  const all = split.flat().filter((each) => !isHooks(each));
  for (const each of all) {
    const isSame = texts.every((known) => known.has(each.text));
    if (!isSame || each.names.some((name) => always.includes(name))) add(each);
  }
  for (const name of split.flat().filter(isHooks).flatMap(hookNames)) names.add(name);
  const uses = new Map(all.map((each) => [each, usesIn(each.tokens)]));
  for (let before = -1; before < own.size; ) {
    before = own.size;
    for (const each of all) {
      if (own.has(each)) continue;
      if (uses.get(each)!.some(({ name, isTag }) => (isTag ? tags : names).has(name))) add(each);
    }
  }
  return own;
}

/** `enum { HOOK_a, HOOK_b, HOOK_COUNT };`, which the generated part of each template has. */
const isHooks = ({ names }: Declaration): boolean => names.at(-1) === 'HOOK_COUNT';

const hookNames = ({ names }: Declaration): readonly string[] => names.slice(0, -1);

function allHooks(parts: readonly Part[], split: readonly (readonly Declaration[])[]): string {
  const names = split.flatMap((declarations, index) =>
    declarations
      .filter(isHooks)
      .flatMap(hookNames)
      .map((name) => `${name}_${parts[index]!.name}`),
  );
  return [
    "\n/* A hook's number in records and in the map of counters. */",
    `enum { ${names.join(', ')}, HOOK_COUNT };`,
  ].join('\n');
}
