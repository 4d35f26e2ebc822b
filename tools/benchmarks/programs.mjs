// XDP programs around a snippet (snippets.mjs), and what they are run on.
import { constants, part } from './c.mjs';
import { numbers } from './set/addresses.mjs';

/** How often an amplified program evaluates its filter. */
export const EVALUATIONS = 16;

/** Frames of a mix, and how far apart they are in its buffer. */
const FRAMES = 16;
const SLOT = 128;

/** Where the order of a mix begins. */
const SEED = 0x2545f491;

const LICENSE = 'char LICENSE[] SEC("license") = "GPL";\n';

/** A C file with the program `once`. */
export const onceProgram = (snippet) => [snippet, LICENSE, part('once.c')].join('\n');

/**
 * A C file with the programs `once`, `fixed`, `counted` and `decided`.
 *
 * @param options `called`: see harness/amplified.c; `padding`: instructions before the loops, of 5
 *   bytes of x86 code each
 */
export const amplifiedPrograms = (snippet, { called, padding }) =>
  [
    onceProgram(snippet),
    constants({
      ...{ EVALUATIONS, FRAMES, SLOT, SEED },
      PADDING: JSON.stringify('r0 = 1\n'.repeat(padding)),
      CALLED: called,
    }),
    part('amplified.c'),
  ].join('\n');

/**
 * How many match in each run of programs of mixed frames, one run after the other, given which of the
 * frames match.
 */
export function* mixedMatches(matching) {
  const next = numbers(SEED);
  for (;;) {
    let count = 0;
    for (let i = 0; i < EVALUATIONS; i++) if (matching[(next() >>> 7) % FRAMES]) count++;
    yield count;
  }
}

/** The buffer for such a program. */
export function mixedBuffer(frames) {
  if (frames.length !== FRAMES) throw new RangeError(`a mix of ${frames.length} frames`);
  const buffer = new Uint8Array(FRAMES * SLOT);
  frames.forEach((frame, i) => {
    if (frame.length > SLOT) throw new RangeError(`a frame of ${frame.length} bytes`);
    buffer.set(frame, i * SLOT);
  });
  return buffer;
}
