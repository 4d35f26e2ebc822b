import type { Program } from '@hookdump/filter';
import { emitBlocks } from './emit/blocks.ts';
import { commentText } from './emit/comment.ts';
import { prepare } from './emit/prepare.ts';

export { windowBytes } from './emit/window.ts';

export interface EmitOptions {
  /** The function's name: a C identifier. */
  readonly name: string;
  /** The filter's text, for the comment on top. */
  readonly filter?: string;
}

/**
 * One C function `static __always_inline __u32 NAME(struct packet *packet)` that returns what the
 * program returns: 0 for no match, else the bytes to keep.
 *
 * It calls `has`, `load8`, `load16`, `load32` and, for computed offsets, `load8x`, `load16x`,
 * `load32x` of an access strategy (bpf-templates/include/packet_*.h), `ancillary_*` of what goes
 * with it (ancillary_*.h), and `shift_left`, `shift_right` of arithmetic.h.
 */
export function emitC(program: Program, options: EmitOptions): string {
  const body = emitBlocks(prepare(program));
  if (!body.some((line) => line.includes('packet'))) body.unshift('\t(void)packet;');
  const comment = [
    ...(options.filter === undefined
      ? []
      : [` * ${commentText(options.filter) || '(every packet)'}`]),
    ` * Link type: ${commentText(program.linkType)}. Gives the bytes to keep, 0 for no match.`,
  ];
  return [
    '/*',
    ...comment,
    ' */',
    `static __always_inline __u32 ${options.name}(struct packet *packet)`,
    '{',
    ...body,
    '}',
    '',
  ].join('\n');
}
