import { HOOK_STATS } from '@hookdump/codegen/record';
import type { BpfMap, BpfObject } from '@hookdump/loader';

/** What an object counted at one of its hooks, summed over the CPUs (`struct hook_stats`). */
export type Stats = Readonly<Record<keyof typeof HOOK_STATS, number>>;

const fields = Object.entries(HOOK_STATS) as [keyof Stats, { readonly offset: number }][];

/** @param hook its index in the list that the object was built with */
export const readStats = (object: BpfObject, hook: number): Stats =>
  statsIn(object.map('stats'), hook);

/** The same of the map `stats`, for those who ask often. */
export function statsIn(map: BpfMap, hook: number): Stats {
  const stats = { seen: 0, matched: 0, lost: 0, failed: 0, undecided: 0, unsupported: 0 };
  for (const value of map.lookupPerCpu(Uint8Array.of(hook, 0, 0, 0))) {
    const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
    // A test counts no further than 32 bits go.
    for (const [name, { offset }] of fields) stats[name] += view.getUint32(offset, true);
  }
  return stats;
}
