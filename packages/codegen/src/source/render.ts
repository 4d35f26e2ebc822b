import type { Program } from '@hookdump/filter';
import { commentText } from '../emit/print/comment.ts';
import { emitC, windowBytes } from '../emit-c.ts';
import type { Hook, HookKind, LinkType } from '../hooks/types.ts';
import { clangCommand, type Target } from '../object/flags.ts';
import { readTemplate } from './templates.ts';

export interface SourceOptions {
  /** The filter's text, for the comments. */
  readonly filter: string;
  /** All of one kind, each once: a record's `hook` is an index in this list. */
  readonly hooks: readonly Hook[];
  /** The filter for each link type that is wanted; where there is none, packets are rejected. */
  readonly programs: { readonly [link in LinkType]?: Program };
  /** The filter's name, where an object holds several. */
  readonly name?: string;
  /** What is built for; this machine if not given. */
  readonly target?: Target;
  /**
   * Decides by arithmetic instead of jumps, for mixed traffic; docs/performance.md says when. Filters
   * that are not fit for it are as ever, and the C says why.
   */
  readonly branchFree?: boolean;
}

const LINK_TYPES: readonly LinkType[] = ['EN10MB', 'RAW'];

/** The header whose place the filter takes. */
const GENERATED = 'include/generated.h';

/**
 * The C file of an object: our headers, the filter and the programs of the hooks, with nothing left
 * to include.
 *
 * @throws RangeError for hooks that cannot stand in one object
 */
export function renderSource(options: SourceOptions): string {
  return `${fileComment([options])}\n${renderBody(options)}`;
}

/** The same without the comment on top. */
export function renderBody(options: SourceOptions): string {
  const kind = checkHooks(options);
  return renderTemplate(kind.template, kind, options);
}

/** A file of bpf-templates with its headers, the filter among them, and what is for its hooks. */
export function renderTemplate(file: string, kind: HookKind, options: SourceOptions): string {
  const text = inlineHeaders(readTemplate(file), (header) =>
    header === GENERATED ? generated(kind, options, file.startsWith('snippet_')) : undefined,
  );
  return keepHooks(text, options.hooks).replace(/\n{3,}/g, '\n\n');
}

function checkHooks({ hooks, programs }: SourceOptions): HookKind {
  const kind = hooks[0]?.kind;
  if (kind === undefined) throw new RangeError('an object needs a hook');
  if (hooks.some((hook) => hook.kind.template !== kind.template)) {
    throw new RangeError('hooks of several kinds do not fit in one object');
  }
  if (new Set(hooks.map((hook) => hook.program)).size < hooks.length) {
    throw new RangeError(`${hooks[0]!.spec}: an object holds a hook's program once`);
  }
  if (!kind.mixesLinkTypes && LINK_TYPES.every((link) => programs[link] !== undefined)) {
    throw new RangeError(`${kind.kind} has one link type in an object: give one program`);
  }
  return kind;
}

/** What a file says of itself: the filters in it, one for each of the sources. */
export function fileComment(sources: readonly SourceOptions[]): string {
  const { hooks, target } = sources[0]!;
  return [
    '// SPDX-License-Identifier: MIT OR GPL-2.0-only',
    '/*',
    ...sources.flatMap(({ filter, programs, name }) => [
      ` * Filter:    ${name === undefined ? '' : `${name}: `}${commentText(filter) || '(every packet)'}`,
      ` * Link type: ${linksOf(programs).join(', ') || 'none'}`,
    ]),
    ` * Hooks:     ${hooks.map((hook) => commentText(hook.spec)).join(', ')}`,
    ` * Made by hookc ${version()}. Build it with`,
    ` *   ${clangCommand('filter.bpf.c', 'filter.bpf.o', target)}`,
    ' */',
    '',
  ].join('\n');
}

/** The link types that there is a program for. */
export const linksOf = (programs: SourceOptions['programs']): readonly LinkType[] =>
  LINK_TYPES.filter((link) => programs[link] !== undefined);

/**
 * Replaces each `#include "…"` of C text by the header of bpf-templates: the first time; the others
 * are dropped.
 *
 * @param generate a header's text instead of the file's; `undefined`: the file's
 */
export function inlineHeaders(
  text: string,
  generate: (file: string) => string | undefined = () => undefined,
): string {
  const seen = new Set<string>();
  const inline = (c: string, folder: string): string =>
    headBehindIncludes(c).replace(/^#include "(.+)"\n/gm, (_, name: string) => {
      const file = folder + name;
      if (seen.has(file)) return '';
      seen.add(file);
      const within = file.slice(0, file.lastIndexOf('/') + 1);
      return `${inline(generate(file) ?? readTemplate(file), within)}\n`;
    });
  return inline(text, '');
}

/** What a file says of itself stands behind the headers that it includes, once these are inlined. */
const headBehindIncludes = (c: string): string =>
  c
    .replace(/^#pragma once\n/m, '')
    .replace(/^(\/\*(?:(?!\*\/)[\s\S])*\*\/\n)((?:#include ".+"\n)+)/, '$2\n$1');

/** What include/generated.h shows by example: hooks, window, filter. */
function generated(
  kind: HookKind,
  { filter, hooks, programs, branchFree = false }: SourceOptions,
  isSnippet: boolean,
): string {
  const parts = { header: kind.strategy.replace('packet_', 'parts_'), areStatic: isSnippet };
  const links = linksOf(programs);
  const window = windowBytes(links.map((link) => programs[link]!));
  const printed = new Set<string>();
  return [
    '#include "link_type.h"',
    '',
    "/* A hook's number in records and in the map of counters. */",
    `enum { ${hooks.map((hook) => `HOOK_${hook.program}`).join(', ')}, HOOK_COUNT };`,
    '/* The link types that a filter was compiled for, a bit each. */',
    `enum { FILTERED_LINKS = ${links.map((link) => `1 << LINK_${link}`).join(' | ') || '0'} };`,
    '/* How many leading bytes of a frame the filter is likely to look at. */',
    `enum { WINDOW = ${window} };`,
    '',
    `#include "${kind.strategy}"`,
    ...(branchFree ? ['#include "branch_free.h"'] : []),
    `#include "${kind.ancillary}"`,
    '',
    ...links.map((link) =>
      emitC(programs[link]!, { name: functionName(link), filter, printed, parts, branchFree }),
    ),
    kind.mixesLinkTypes || links.length === 0 ? choosingFilter(links) : onlyFilter(links[0]!),
  ].join('\n');
}

const functionName = (link: LinkType): string => `filter_${link.toLowerCase()}`;

function choosingFilter(links: readonly LinkType[]): string {
  return [
    'static __always_inline __u32 filter(struct packet *packet, enum link_type link)',
    '{',
    ...(links.length === 0 ? ['\t(void)packet;'] : []),
    '\tswitch (link) {',
    ...links.flatMap((link) => [
      `\tcase LINK_${link}:`,
      `\t\treturn ${functionName(link)}(packet);`,
    ]),
    '\tdefault:',
    '\t\treturn 0;',
    '\t}',
    '}',
    '',
  ].join('\n');
}

/** On one device there is one link type; whoever attaches the object gave the program for it. */
function onlyFilter(link: LinkType): string {
  return [
    'static __always_inline __u32 filter(struct packet *packet, enum link_type link)',
    '{',
    '\t(void)link;',
    `\treturn ${functionName(link)}(packet);`,
    '}',
    '',
  ].join('\n');
}

/**
 * A template holds the programs of its hooks between marks. `//@hook NAME`: the program of one hook,
 * left out if it is not wanted. `//@each`: a program for each hook, in which the hook's words stand
 * for themselves until here.
 */
function keepHooks(text: string, hooks: readonly Hook[]): string {
  return text
    .replace(/^\/\/@hook (\w+)\n(.*?)^\/\/@end\n/gms, (_, name: string, body: string) =>
      hooks.some((hook) => hook.program === name) ? body : '',
    )
    .replace(/^\/\/@each\n(.*?)^\/\/@end\n/gms, (_, body: string) =>
      hooks.map((hook) => withWords(body, hook)).join('\n'),
    );
}

function withWords(body: string, { program, words }: Hook): string {
  const all = Object.entries({ ...words, hook_program: program });
  // Also within another name, as in HOOK_hook_program: no word is part of another.
  return all.reduce((text, [word, meaning]) => text.replaceAll(word, meaning), body);
}

/** The version of hookdump. */
export function version(): string {
  const { version } = JSON.parse(readTemplate('package.json')) as { version: string };
  return version;
}
