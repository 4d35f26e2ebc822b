import type { LinkType } from '@hookdump/codegen';
import type { Ancillary } from '@hookdump/filter';
import type { BpfMap, BpfObject } from '@hookdump/loader';
import type { Frame } from './frames.ts';
import { type Stats, statsIn } from './stats.ts';

/** What a hook can know of a frame that passes it. */
export interface Sighting {
  /** Its index in the objects' lists of hooks. */
  readonly hook: number;
  readonly link: LinkType;
  readonly bytes: Uint8Array;
  readonly ancillary: Ancillary;
}

/** What an object's counters say it made of a frame. */
export type Verdict = 'match' | 'no match' | 'undecided' | 'failed' | 'unsupported' | 'not seen';

/** How all objects took one frame at one hook. */
export interface Shown {
  readonly sighting: Sighting;
  /** In the order of the objects. */
  readonly verdicts: readonly Verdict[];
}

/** Objects in the kernel, and a way to show them frames. */
export interface Stage {
  /** Whether frames like this can be shown. */
  takes(frame: Frame): boolean;
  show(frame: Frame): Promise<readonly Shown[]>;
  close(): void;
}

/** Tells from an object's counters what it makes of each frame. */
export class Counted {
  readonly #map: BpfMap;
  readonly #before = new Map<number, Stats>();

  constructor(object: BpfObject, hooks: number) {
    this.#map = object.map('stats');
    for (let hook = 0; hook < hooks; hook++) this.#before.set(hook, statsIn(this.#map, hook));
  }

  /** What it made of the frame since it was last asked; nothing if it has seen none. */
  next(hook: number): Verdict | undefined {
    const before = this.#before.get(hook)!;
    const after = statsIn(this.#map, hook);
    if (after.seen === before.seen) return undefined;
    this.#before.set(hook, after);
    const rose = (name: keyof Stats): number => after[name] - before[name];
    if (rose('seen') !== 1) throw new Error(`${rose('seen')} packets came where one was sent`);
    if (rose('matched') === 1) return 'match';
    const other = (['failed', 'undecided', 'unsupported'] as const).find((name) => rose(name) > 0);
    return other ?? 'no match';
  }
}
