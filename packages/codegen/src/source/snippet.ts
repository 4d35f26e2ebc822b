import { commentText } from '../emit/print/comment.ts';
import type { HookKind } from '../hooks/types.ts';
import { joinParts } from './declarations/join.ts';
import { pastedPrefixes, rename } from './declarations/rename.ts';
import { splitDeclarations } from './declarations/split.ts';
import { renderTemplate, type SourceOptions, version } from './render.ts';

/**
 * What stands in C that somebody else wrote, where the filters are to go: the one line that hookc
 * needs there.
 */
const MARK = /^[ \t]*#[ \t]*include[ \t]+"hookdump\.h"[^\n]*$/m;

/** The header that is included there. */
export const SNIPPET_HEADER = 'hookdump.h';

/** The kernel's names of what a program gets, at the kinds of hooks where one can write programs. */
const CONTEXTS: Readonly<Record<string, string>> = { xdp: 'xdp_md', tc: '__sk_buff' };

/** The function's name where the filter has none. */
const DEFAULT_NAME = 'filter';

/** Whether somebody else's C at such a hook can have a filter. */
export const takesSnippets = ({ kind }: HookKind): boolean => CONTEXTS[kind] !== undefined;

/** Whether C asks for the filters. */
export const asksForSnippets = (template: string): boolean => MARK.test(template);

/** Somebody else's C with the filters in their place, which needs no other file of ours. */
export const insertSnippets = (template: string, snippets: string): string =>
  template.replace(MARK, () => snippets);

/**
 * The filters as functions for C that somebody else wrote, each
 *
 *     static bool NAME(struct xdp_md *context)       at XDP
 *     static bool NAME(struct __sk_buff *context)    at tc
 *
 * inline, and true for a packet that matches. All else that is declared here begins with `hookdump_`,
 * so that it does not come between what system headers, libbpf's or vmlinux.h declare; of `__u8` to
 * `__u64` C allows two equal declarations.
 *
 * @param sources at one hook of kind xdp or tc, each with a program for one link type
 */
export function renderSnippets(sources: readonly SourceOptions[]): string {
  const [hook] = sources[0]!.hooks;
  const { kind } = hook!;
  const context = CONTEXTS[kind.kind];
  if (context === undefined) throw new RangeError(`${kind.kind} has no programs of others`);
  const named = sources.map((each) => ({ ...each, name: each.name ?? DEFAULT_NAME }));
  const parts = named.map((each) => ({
    name: each.name,
    text: withoutGlobals(renderTemplate(`snippet_${kind.kind}.bpf.c`, kind, each)),
  }));
  return [
    `/* Made by hookc ${version()}; SPDX-License-Identifier: MIT OR GPL-2.0-only */`,
    prefixed(joinParts(parts, [ENTRY])).trim(),
    '',
    `struct ${context};`,
    ...named.flatMap(({ name, filter }) => [
      '',
      `/* ${commentText(filter) || '(every packet)'} */`,
      `static inline __attribute__((always_inline, unused)) _Bool ${name}(struct ${context} *context)`,
      '{',
      `\treturn ${PREFIX}${ENTRY}_${name}((void *)context);`,
      '}',
    ]),
    '',
  ].join('\n');
}

/**
 * The verifier looks at a global function by itself, and knows a program's context there by the name of
 * its type, which is not the kernel's here.
 */
const withoutGlobals = (text: string): string =>
  text.replace(/^__noinline /gm, 'static __noinline ');

/** The function of bpf-templates/snippet_*.bpf.c that is called. */
const ENTRY = 'matches';
const PREFIX = 'hookdump_';

/** What C has by itself; headers of others call the rest by these names, as macros or as types. */
const BUILT_IN: Readonly<Record<string, string>> = {
  bool: '_Bool',
  true: '1',
  false: '0',
  NULL: '((void *)0)',
};

/** Under names that nobody else has. */
function prefixed(text: string): string {
  const declarations = splitDeclarations(text).filter(
    ({ names }) => !names.some((name) => BUILT_IN[name] !== undefined),
  );
  const names = new Set(declarations.flatMap((each) => each.names));
  const tags = new Set(declarations.flatMap((each) => each.tags));
  const pasted = pastedPrefixes(declarations);
  const own = (name: string): string => {
    const short = name.replace(/^_+/, '');
    // There are both sk_buff and __sk_buff.
    return PREFIX + (names.has(short) || tags.has(short) ? name : short);
  };
  return declarations
    .map((each) =>
      rename(each, {
        name: (name) => {
          if (/^__u(8|16|32|64)$/.test(name)) return undefined;
          const isOurs = names.has(name) || pasted.some((prefix) => name.startsWith(prefix));
          return BUILT_IN[name] ?? (isOurs ? own(name) : undefined);
        },
        tag: (tag) => (tags.has(tag) ? own(tag) : undefined),
      }),
    )
    .join('\n');
}
