import type { Prepared } from '../prepared.ts';
import { emitBlocks } from '../print/blocks.ts';
import { cutBlocks, type Part, partsById } from './cut.ts';
import { askedName, type Kept, keep } from './kept.ts';
import type { Asked } from './live.ts';
import { findEntries, isReturn, partProgram } from './part.ts';

export { isLarge } from './large.ts';

export interface PartsOptions {
  /** The strategy's header, parts_*.h of bpf-templates/include. */
  readonly header: string;
  /**
   * Parts are static functions: the verifier knows the program's context, which global ones get, by
   * the kernel's name of its type, and in C of others our types have other names.
   */
  readonly areStatic?: boolean;
  /** Values and tests in a part, where a program is to be cut that is not large; for tests. */
  readonly size?: number;
  /** Values that may be needed at a time before they are computed again; for tests. */
  readonly mostLive?: number;
}

/**
 * Values and tests in a part. clang takes time that grows faster than a function does, and a function
 * must not be longer than a jump reaches; of the verifier each part costs about 30 instructions more.
 */
const SIZE = 400;

/** Functions that a program may be cut into: an object has 256 (BPF_MAX_SUBPROGS), of all its filters. */
const MOST_PARTS = 100;

/** Words that parts may hand on: they are on the stack, of 512 bytes for all. */
const MOST_WORDS = 32;

/** A large program cut into functions that are called one after the other. */
interface Cut {
  readonly parts: readonly Part[];
  readonly kept: Kept;
}

/**
 * The C of a program that is too large for one function: parts of it, `NAME_part1` and so on, of
 * which each gives the bytes to keep, or the block that goes on in another part; and what calls them,
 *
 *     static __noinline __u32 NAME(struct packet *packet)
 *
 * bpf-templates/include/parts.h has what they call; there is one way of reading, CAREFUL. Where global
 * functions are taken, the verifier looks at each part once and by itself.
 *
 * @returns `undefined` if it cannot be cut: so many values are needed throughout that no stack holds
 *   them, or it walks through tests
 */
export function emitParts(
  name: string,
  prepared: Prepared,
  linkType: string,
  { header, areStatic, size = SIZE, mostLive }: PartsOptions,
): readonly string[] | undefined {
  // A walk is a loop over a table, and needs the packet itself.
  const walks = [...prepared.blocks.values()].some(({ end }) => end.kind === 'walk');
  const cut = walks ? undefined : cutProgram(prepared, size, mostLive);
  if (cut === undefined) return undefined;
  const { parts, kept } = cut;
  const entries = findEntries(parts, partsById(parts));
  const bodies = parts.map((part, index) => {
    const { prepared: own, names } = partProgram(part, entries[index]!, kept, prepared);
    return emitBlocks(own, linkType, true, names);
  });
  // Where there is one entry, nobody asks.
  const from = (index: number, text: string): string => (entries[index]!.length > 1 ? text : '');
  const structName = `${name}_kept`;
  return [
    ...(areStatic === true ? ['#define PARTS_ARE_STATIC'] : []),
    `#include "${header}"`,
    '',
    ...printKept(structName, kept),
    ...bodies.flatMap((body, index) => [
      '',
      `PART __u64 ${name}_part${index + 1}(HANDED *handed, struct ${structName} *kept${from(index, ', __u64 from')})`,
      '{',
      // What nobody reads clang would not even pass, and the verifier objects.
      '\topaque(handed);',
      '\topaque(kept);',
      ...(entries[index]!.length > 1 ? ['\topaque(from);'] : []),
      '\tif (!handed || !kept)',
      '\t\treturn 0;',
      ...body,
      '}',
    ]),
    '',
    ...printCaller(name, structName, cut, (index) => from(index, ', (__u32)at')),
  ];
}

function cutProgram(
  prepared: Prepared,
  least: number,
  mostLive: number | undefined,
): Cut | undefined {
  const blocks = [...prepared.blocks.values()].filter(
    (block) => block.id === 0 || !isReturn(block, prepared),
  );
  for (let size = least; ; size *= 2) {
    const parts = cutBlocks(blocks, prepared, size);
    const kept = keep(parts, prepared, mostLive);
    const fits = kept.all.length <= MOST_WORDS;
    if (fits && parts.length <= MOST_PARTS) return { parts, kept };
    if (parts.length === 1) return undefined;
  }
}

function printKept(name: string, { all, asked }: Kept): readonly string[] {
  const fields = [...asked.map(askedName), 'length', ...all.map((word) => `word_${word}`)];
  return [
    '/* What the parts of the filter hand on. */',
    `struct ${name} {`,
    ...[...new Set(fields)].map((field) => `\t__u32 ${field};`),
    '};',
  ];
}

function printCaller(
  name: string,
  structName: string,
  { parts, kept }: Cut,
  from: (index: number) => string,
): readonly string[] {
  const set = kept.asked.filter(({ kind }) => kind === 'ancillary').map(printAsked);
  const calls = parts.flatMap((part, index) => {
    const call = `at = ${name}_part${index + 1}(handed, &kept${from(index)});`;
    if (index === 0) return [`\t${call}`];
    return [`\tif (goes_on_before(at, ${part.at(-1)!.id + 1}))`, `\t\t${call}`];
  });
  return [
    `/* Part by part. */`,
    `static __noinline __u32 ${name}(struct packet *packet)`,
    '{',
    `\tstruct ${structName} kept = {`,
    '\t\t.length = length_of(packet),',
    ...set.map((line) => `\t\t${line}`),
    '\t};',
    '\t__u64 at;',
    '',
    '\thand_over(packet);',
    ...calls,
    '\treturn part_verdict(packet, at);',
    '}',
  ];
}

const printAsked = (value: Asked): string =>
  `.${askedName(value)} = ancillary_${askedName(value)}(packet),`;
