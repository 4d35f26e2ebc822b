import type { LinkType } from '@hookdump/codegen';
import { type ConformanceProgram, isOfHooks } from './conformance-programs.ts';
import type { Strategy } from './strategies.ts';
import { build, type Programs } from './subjects.ts';

/** The programs of one object, and what they come of. */
export interface Content {
  readonly what: string;
  readonly programs: Programs;
}

/**
 * Objects that hold all programs, each under the link type that it has at a hook, or under any of the
 * strategy's; where an object has room for several link types, it gets one of each.
 */
export function contentsFor(
  { links }: Strategy,
  programs: readonly ConformanceProgram[],
): Content[] {
  const columns = links.map((link) => [link, columnOf(link, links, programs)] as const);
  const rows = Math.max(...columns.map(([, column]) => column.length));
  return Array.from({ length: rows }, (_, row): Content => {
    const cells = columns.flatMap(([link, column]) => {
      const each = column[row];
      return each === undefined ? [] : [[link, each] as const];
    });
    return {
      what: cells.map(([, { linkType, expression }]) => `${linkType}: ${expression}`).join(' | '),
      programs: Object.fromEntries(cells.map(([link, { program }]) => [link, program])),
    };
  });
}

const columnOf = (
  link: LinkType,
  links: readonly LinkType[],
  programs: readonly ConformanceProgram[],
): ConformanceProgram[] => {
  const rest = programs.filter(({ linkType }) => !isOfHooks(linkType));
  return [
    ...programs.filter(({ linkType }) => linkType === link),
    ...rest.filter((_, index) => links[index % links.length] === link),
  ];
};

/** As many as there are processors that build. */
const builders = 2;

/** Every object has the same text in its comment, so that equal programs are one in the cache. */
const text = 'conformance';

/**
 * Objects out of the cache, where what ran before on this machine has left them, and some that are
 * built: an emulated machine needs seconds for each.
 */
export class Objects {
  readonly #budget: number;
  built = 0;
  absent = 0;

  /** @param budget how many may be built */
  constructor(budget: number) {
    this.#budget = budget;
  }

  /** The objects one after the other; the next are built meanwhile. */
  async *all(strategy: Strategy, contents: readonly Content[]) {
    const waiting: Promise<Uint8Array | undefined>[] = [];
    for (const [index, content] of contents.entries()) {
      for (const ahead of contents.slice(index + waiting.length, index + builders)) {
        const object = this.get(strategy, ahead.programs);
        // Whoever waits for it is told; until then it is not unhandled.
        object.catch(() => {});
        waiting.push(object);
      }
      yield { ...content, bytes: await waiting.shift() };
    }
  }

  /** The object; nothing if it is not in the cache and the budget is used up. */
  async get(strategy: Strategy, programs: Programs): Promise<Uint8Array | undefined> {
    // The cache is asked before anybody is asked to stop.
    const signal = AbortSignal.abort();
    try {
      return await build(strategy, text, programs, { signal });
    } catch (error) {
      if (error !== signal.reason) throw error;
    }
    if (this.built >= this.#budget) {
      this.absent++;
      return undefined;
    }
    this.built++;
    return build(strategy, text, programs);
  }
}
