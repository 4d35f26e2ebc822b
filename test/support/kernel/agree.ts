import { type Program, run } from '@hookdump/filter';
import { isInParts } from '../../../packages/codegen/src/emit-c.ts';
import { guidedPackets } from '../packets.ts';
import type { Random } from '../random.ts';
import { sizes } from '../sizes.ts';
import { type Frame, framesOf } from './frames.ts';
import type { QuietLab } from './quiet-lab.ts';
import type { Shown, Verdict } from './stage.ts';
import type { Strategy } from './strategies.ts';
import { type BuildChoice, build, load, type Programs, programsOf } from './subjects.ts';

const { together, packetsEach } = sizes;
/** As many as there are processors that build objects. */
const builders = 2;

export interface Tally {
  filters: number;
  frames: number;
  verdicts: number;
  matches: number;
  undecided: number;
  /** By kind of frame, how many verdicts and how many of them matches. */
  readonly kinds: Map<string, { verdicts: number; matches: number }>;
  readonly different: Difference[];
}

/** A frame that a filter in the kernel takes for what it is not. */
export interface Difference {
  readonly filter: string;
  readonly hook: string;
  readonly frame: string;
  readonly wanted: Verdict;
  readonly got: Verdict;
  readonly packet: string;
  readonly ancillary: string;
}

interface Subject {
  readonly text: string;
  /** As lowered: the optimizer, codegen and the kernel are all measured by it. */
  readonly reference: Programs;
  readonly reachesPages: boolean;
  readonly bytes: Promise<Uint8Array>;
}

/**
 * Runs filters at a strategy, in batches, and compares what they say of each frame with what
 * `run()` says of it.
 *
 */
export async function agree(
  strategy: Strategy,
  filters: readonly string[],
  lab: QuietLab,
  r: Random,
  options: BuildChoice = {},
): Promise<Tally> {
  const tally = {
    ...{ filters: 0, frames: 0, verdicts: 0, matches: 0, undecided: 0 },
    ...{ kinds: new Map(), different: [] },
  };
  let ready = prepare(strategy, filters.slice(0, together), options);
  for (let from = 0; from < filters.length; from += together) {
    const batch = ready;
    await Promise.all(batch.map(({ bytes }) => bytes));
    // Built while the kernel looks at this one.
    ready = prepare(strategy, filters.slice(from + together, from + 2 * together), options);
    if (batch.length > 0) await agreeBatch(strategy, batch, lab, r, tally);
  }
  return tally;
}

/**
 * Only builds the objects: all that can be done where the kernel has not got the strategy. A guest
 * that has finds them in the cache.
 */
export async function onlyBuild(strategy: Strategy, filters: readonly string[]): Promise<number> {
  const subjects = prepare(strategy, filters, {});
  for (const { bytes } of subjects) await bytes;
  return subjects.length;
}

function prepare(strategy: Strategy, filters: readonly string[], options: BuildChoice): Subject[] {
  const turns = Array.from({ length: builders }, () => Promise.resolve() as Promise<unknown>);
  return filters.flatMap((text, index): Subject[] => {
    const programs = programsOf(text, strategy.links, true);
    if (programs === undefined) return [];
    const lowered = programsOf(text, strategy.links, false) ?? {};
    const reference = Object.fromEntries(
      Object.keys(programs).map((link) => [link, lowered[link as keyof Programs]]),
    ) as Programs;
    const turn = index % builders;
    const bytes = turns[turn]!.then(() => build(strategy, text, programs, options));
    // Whoever waits for it is told; until then it is not unhandled.
    turns[turn] = bytes.catch(() => {});
    return [{ text, reference, reachesPages: reachesPages(strategy, programs), bytes }];
  });
}

const reachesPages = (strategy: Strategy, programs: Programs): boolean =>
  strategy.reachesPages &&
  (strategy.partsReachPages !== false || !Object.values(programs).some(isInParts));

async function agreeBatch(
  strategy: Strategy,
  batch: readonly Subject[],
  lab: QuietLab,
  r: Random,
  tally: Tally,
): Promise<void> {
  const objects = [];
  for (const { text, bytes } of batch) {
    objects.push(await load(strategy, text, await bytes, [lab.inode]));
  }
  const stage = await strategy.stage(objects, lab);
  try {
    for (const frame of batch.flatMap(({ reference }) => framesFor(reference, r))) {
      if (!stage.takes(frame)) continue;
      tally.frames++;
      for (const shown of await stage.show(frame)) judge(strategy, batch, frame, shown, tally);
    }
    tally.filters += batch.length;
  } finally {
    stage.close();
  }
}

const framesFor = (reference: Programs, r: Random): Frame[] =>
  (['EN10MB', 'RAW'] as const).flatMap((link) => {
    const program = reference[link];
    if (program === undefined) return [];
    return guidedPackets(program, r, packetsEach).flatMap((packet) => framesOf(packet, link, r));
  });

function judge(
  strategy: Strategy,
  batch: readonly Subject[],
  frame: Frame,
  { sighting, verdicts }: Shown,
  tally: Tally,
): void {
  const { hook, link, bytes, ancillary } = sighting;
  const kind = tally.kinds.get(frame.kind) ?? { verdicts: 0, matches: 0 };
  tally.kinds.set(frame.kind, kind);
  for (const [index, { text, reference, reachesPages }] of batch.entries()) {
    const got = verdicts[index]!;
    tally.verdicts++;
    kind.verdicts++;
    if (got === 'undecided') tally.undecided++;
    if (got === 'undecided' && !reachesPages && frame.kind === 'in pages') continue;
    const wanted = reference[link] ? verdictOf(reference[link], bytes, ancillary) : 'unsupported';
    if (wanted === 'match') {
      tally.matches++;
      kind.matches++;
    }
    if (got === wanted) continue;
    tally.different.push({
      ...{ filter: text, hook: strategy.hooks[hook]!, frame: frame.kind, wanted, got },
      packet: Buffer.from(bytes).toString('hex'),
      ancillary: JSON.stringify(ancillary),
    });
  }
}

const verdictOf = (program: Program, bytes: Uint8Array, ancillary: object): Verdict =>
  run(program, bytes, bytes.length, ancillary) === 0 ? 'no match' : 'match';

/** More of them than this say no more. */
const mostShown = 8;
/** Bytes of a packet that are shown. */
const mostBytes = 160;

const describeDifference = (each: Difference): string =>
  `  ${each.hook}, ${each.frame}: wanted ${each.wanted}, got ${each.got}: ${each.filter}\n` +
  `    ${each.packet.length / 2} bytes: ${each.packet.slice(0, 2 * mostBytes)} ${each.ancillary}`;

/** One line for the log, and one for each kind of frame. */
export function describeTally(what: string, tally: Tally): string {
  const { filters, frames, verdicts, matches, undecided, different } = tally;
  const kinds = [...tally.kinds].map(
    ([kind, counts]) => `  ${kind}: ${counts.verdicts} verdicts, ${counts.matches} matches`,
  );
  return [
    `${what}: ${filters} filters, ${frames} frames, ${verdicts} verdicts, ${matches} matches, ` +
      `${undecided} undecided, ${different.length} different`,
    ...kinds,
    ...different.slice(0, mostShown).map(describeDifference),
  ].join('\n');
}
