import type { Program } from '@hookdump/filter';
import { branchFree } from './emit/branch-free/index.ts';
import { emitParts, isLarge, type PartsOptions } from './emit/parts/index.ts';
import { mergeChoices } from './emit/passes/merge-choices.ts';
import { mergeFields } from './emit/passes/merge-fields.ts';
import { mergeTests } from './emit/passes/merge-tests.ts';
import { prepare } from './emit/prepare.ts';
import type { Prepared } from './emit/prepared.ts';
import { emitBlocks } from './emit/print/blocks.ts';
import { commentText } from './emit/print/comment.ts';
import { listsOf, printLists } from './lists/index.ts';

export { windowBytes } from './emit/facts/window.ts';

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
  /** How a large program is cut into parts; if not given it is one function. */
  readonly parts?: PartsOptions;
  /**
   * Decides by arithmetic instead of jumps, for traffic that no processor can foresee; programs that
   * are not fit for that are as ever, and say so. branch_free.h stands in front.
   */
  readonly branchFree?: boolean;
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
  const prepared = merged(program);
  const large = isLarge(prepared);
  const straight = options.branchFree && !large ? branchFree(program) : undefined;
  const hasStraight = typeof straight === 'object';
  const forms = hasStraight ? [prepared, straight.prepared] : [prepared];
  const lists = printLists(
    forms.flatMap((form) => listsOf(form.blocks)),
    options.printed,
  );
  const comment = [
    ...(options.filter === undefined
      ? []
      : [` * ${commentText(options.filter) || '(every packet)'}`]),
    ` * Link type: ${commentText(program.linkType)}. Gives the bytes to keep, 0 for no match.`,
    ...(typeof straight === 'string' ? [` * With branches, because it has ${straight}.`] : []),
  ];
  const head = [...lists, ...(lists.length === 0 ? [] : ['']), '/*', ...comment, ' */'];
  if (options.parts !== undefined && (large || options.parts.size !== undefined)) {
    const parts = emitParts(name, prepared, program.linkType, options.parts);
    if (parts !== undefined) return [...head, ...parts, ''].join('\n');
  }
  const careful = large || hasStraight ? undefined : `${name}_careful`;
  const body = emitBlocks(prepared, program.linkType, large || hasStraight, undefined, careful);
  const unused = ['packet', 'way'].filter(
    (word) => !body.some((line) => new RegExp(`\\b${word}\\b`).test(line)),
  );
  const asks = careful !== undefined && body.some((line) => line.includes(careful));
  return [
    ...head,
    ...(asks ? [`static __noinline __u32 ${careful}(struct packet *packet);`, ''] : []),
    `static __always_inline __u64 ${name}_by(struct packet *packet, const enum way way)`,
    '{',
    ...unused.map((word) => `\t(void)${word};`),
    ...body,
    '}',
    '',
    ...(hasStraight ? straight.print(`${name}_straight`) : []),
    ...(large
      ? carefulOnly(name)
      : hasStraight
        ? callers(name, `${name}_straight`, straight.onlyBit)
        : callers(name, `${name}_by`)),
    '',
  ].join('\n');
}

const merged = (program: Program): Prepared =>
  mergeTests(mergeFields(mergeChoices(prepare(program))));

/** Whether a program is so large that it has no fast way, and is cut into parts where it can be. */
export const isInParts = (program: Program): boolean => isLarge(merged(program));

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

/**
 * @param fast the function that tries it the fast way
 * @param onlyBit what it gives for a match, if that is always the same one bit: who counts matches,
 *   or chooses an action by arithmetic, then has no branch either
 */
function callers(name: string, fast: string, onlyBit?: number): string[] {
  const verdict = `verdict == UNSURE ? in_memory(${name}_careful, packet) : verdict`;
  return [
    `static __noinline __u32 ${name}_careful(struct packet *packet)`,
    '{',
    `\treturn ${name}_by(packet, CAREFUL);`,
    '}',
    '',
    `static __always_inline __u32 ${name}(struct packet *packet)`,
    '{',
    `\t__u64 verdict = first_try(${fast}, packet);`,
    '',
    onlyBit === undefined ? `\treturn ${verdict};` : `\treturn (${verdict}) & ${onlyBit};`,
    '}',
  ];
}
