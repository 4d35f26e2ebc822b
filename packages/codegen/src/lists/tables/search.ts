import { MOST } from '../intervals.ts';
import type { Interval } from '../types.ts';
import { hex, printArray, typeFor } from './text.ts';
import type { Table } from './types.ts';

/** Entries of the first table at most. */
const MOST_BUCKETS = 4096;

/**
 * For intervals: how many of their ends lie below a number tells whether it is inside. A first table
 * says how many do for the leading bits of the number; a binary search over those few that are left
 * says the rest. Without a branch: the verifier follows one way, and the processor has nothing to
 * guess.
 */
export function search(intervals: readonly Interval[]): Table {
  /** Behind each of these numbers the answer changes. */
  const turns = intervals
    .flatMap(([first, last]) => [first - 1, last])
    .filter((turn) => turn >= 0 && turn < MOST);
  const outside = intervals[0]![0] === 0;
  const base = turns[0]!;
  const span = turns[turns.length - 1]! - base + 1;
  const { shift, below, steps } = bestBuckets(turns, base, span);
  const mask = 2 ** Math.ceil(Math.log2(turns.length + 1)) - 1;
  const padded = [...turns, ...new Array<number>(mask + 2 ** steps - turns.length).fill(MOST)];
  const last = intervals[intervals.length - 1]![1] === MOST;
  const bytes = 4 * padded.length + typeFor(turns.length).bytes * below.length;
  return {
    kind: 'search',
    bytes,
    has: (value) => {
      const at = (value - base) >>> 0;
      if (at >= span) return value < base ? outside : last;
      let position = below[at >>> shift]! & mask;
      for (let step = steps - 1; step >= 0; step--) {
        if (padded[position + 2 ** step - 1]! < value) position += 2 ** step;
      }
      return (position & 1) === 1 ? !outside : outside;
    },
    arrays: (name) => [
      ...printArray(`${name}_below`, below),
      ...printArray(`${name}_turns`, padded),
    ],
    body: (name) => [
      `__u64 at = (__u32)(value - ${hex(base)});`,
      '',
      'opaque(at);',
      `if (at >= ${hex(span)})`,
      `\treturn ${outside === last ? Number(last) : `value ${last ? '>' : '<'} ${hex(base)}`};`,
      `__u64 place = ${name}_below[at >> ${shift}] & ${hex(mask)};`,
      '',
      ...Array.from({ length: steps }, (_, index) => {
        const step = steps - 1 - index;
        const turn = `${name}_turns[place${step === 0 ? '' : ` + ${2 ** step - 1}`}]`;
        return `place += is_below(${turn}, value)${step === 0 ? '' : ` << ${step}`};`;
      }),
      `return ${outside ? '!' : ''}(place & 1);`,
    ],
  };
}

/** Prints what every search needs once. */
export const SEARCH_HELPER: readonly string[] = [
  '/* Whether a < b, without a branch. */',
  'static __always_inline __u64 is_below(__u32 a, __u32 b)',
  '{',
  '\t__u64 difference = (__u64)a - b;',
  '',
  '\topaque(difference);',
  '\treturn difference >> 63;',
  '}',
  '',
];

interface Buckets {
  readonly shift: number;
  /** By leading bits: how many turns lie below any number that has them. */
  readonly below: readonly number[];
  /** A binary search of so many steps finds the rest. */
  readonly steps: number;
}

/** As few steps as a first table of that size can bring, and then as small a table. */
function bestBuckets(turns: readonly number[], base: number, span: number): Buckets {
  const most = Math.min(MOST_BUCKETS, 2 ** Math.ceil(Math.log2(turns.length + 1)));
  let best: Buckets | undefined;
  for (let shift = 31; shift >= 0 && Math.floor((span - 1) / 2 ** shift) < most; shift--) {
    const made = buckets(turns, base, span, shift);
    if (best === undefined || made.steps < best.steps) best = made;
  }
  return best!;
}

function buckets(turns: readonly number[], base: number, span: number, shift: number): Buckets {
  const below: number[] = [];
  let largest = 0;
  let at = 0;
  for (let bucket = 0; bucket <= Math.floor((span - 1) / 2 ** shift); bucket++) {
    while (at < turns.length && turns[at]! < base + bucket * 2 ** shift) at++;
    below.push(at);
    let end = at;
    // A turn at the bucket's last number is no number of the bucket's behind it.
    while (end < turns.length && turns[end]! < base + (bucket + 1) * 2 ** shift - 1) end++;
    largest = Math.max(largest, end - at);
  }
  return { shift, below, steps: Math.ceil(Math.log2(largest + 1)) };
}
