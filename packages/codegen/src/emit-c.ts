import type { Program } from '@hookdump/filter';
import { emitBlocks } from './emit/blocks.ts';
import { commentText } from './emit/comment.ts';
import { mergeFields } from './emit/merge-fields.ts';
import { mergeTests } from './emit/merge-tests.ts';
import { prepare } from './emit/prepare.ts';
import type { Prepared } from './emit/prepared.ts';
import { listsOf, printLists } from './lists/index.ts';

export { windowBytes } from './emit/window.ts';

export interface EmitOptions {
  /** The function's name: a C identifier. */
  readonly name: string;
  /** The filter's text, for the comment on top. */
  readonly filter?: string;
  /**
   * Names of what several functions of a file may share, such as tables of addresses, and that stands
   * in it already. What this one prints is added.
   */
  readonly printed?: Set<string>;
}

/**
 * A C function `static __always_inline __u32 NAME(struct packet *packet)` that returns what the
 * program returns: 0 for no match, else the bytes to keep.
 *
 * The program itself stands in `NAME_by`, once, for every way of reading a packet;
 * bpf-templates/include/access.h has what it calls and what an access strategy is. Beside that it
 * calls `ancillary_*` of what goes with the strategy, and `shift_left`, `shift_right` of
 * arithmetic.h.
 */
export function emitC(program: Program, options: EmitOptions): string {
  const { name } = options;
  const prepared = mergeTests(mergeFields(prepare(program)));
  const lists = printLists(listsOf(prepared.blocks), options.printed);
  const large = isLarge(prepared);
  const body = emitBlocks(prepared, program.linkType, large);
  const unused = ['packet', 'way'].filter(
    (word) => !body.some((line) => new RegExp(`\\b${word}\\b`).test(line)),
  );
  const comment = [
    ...(options.filter === undefined
      ? []
      : [` * ${commentText(options.filter) || '(every packet)'}`]),
    ` * Link type: ${commentText(program.linkType)}. Gives the bytes to keep, 0 for no match.`,
  ];
  return [
    ...lists,
    ...(lists.length === 0 ? [] : ['']),
    '/*',
    ...comment,
    ' */',
    `static __always_inline __u64 ${name}_by(struct packet *packet, const enum way way)`,
    '{',
    ...unused.map((word) => `\t(void)${word};`),
    ...body,
    '}',
    '',
    ...(large ? carefulOnly(name) : callers(name)),
    '',
  ].join('\n');
}

/** Loads of a filter that may be written out for the fast way too: more keep a compiler busy for long. */
const MOST_LOADS = 200;

/** The same for loads at computed offsets, which are compared with the packet's end one by one. */
const MOST_COMPUTED_LOADS = 40;

function isLarge({ blocks, constants }: Prepared): boolean {
  const loads = [...blocks.values()].flatMap(({ values }) =>
    values.filter((value) => value.kind === 'load'),
  );
  const computed = loads.filter(({ index }) => index !== undefined && !constants.has(index));
  return loads.length > MOST_LOADS || computed.length > MOST_COMPUTED_LOADS;
}

/** Slow, but of a size that compilers and the verifier take. */
function carefulOnly(name: string): string[] {
  return [
    `/* Too large to be written out for the fast way. */`,
    `static __noinline __u32 ${name}(struct packet *packet)`,
    '{',
    `\treturn ${name}_by(packet, CAREFUL);`,
    '}',
  ];
}

/** The packet is copied, so that only here it has to be in memory. */
function callers(name: string): string[] {
  return [
    `static __noinline __u32 ${name}_careful(struct packet *packet)`,
    '{',
    `\treturn ${name}_by(packet, CAREFUL);`,
    '}',
    '',
    `static __always_inline __u32 ${name}(struct packet *packet)`,
    '{',
    `\t__u64 verdict = first_try(${name}_by, packet);`,
    '',
    '\tif (verdict != UNSURE)',
    '\t\treturn verdict;',
    '\tstruct packet copy = *packet;',
    '',
    `\tverdict = ${name}_careful(&copy);`,
    '\t*packet = copy;',
    '\treturn verdict;',
    '}',
  ];
}
