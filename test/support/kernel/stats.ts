import { execFileSync } from 'node:child_process';
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

/** The counters of a program that somebody else loaded, by bpftool. */
export function countersOf(id: number): Record<string, number> {
  const bpftool = <T>(...args: string[]): T =>
    JSON.parse(execFileSync('bpftool', ['-j', ...args], { encoding: 'utf8' })) as T;
  const { map_ids } = bpftool<{ map_ids: number[] }>('prog', 'show', 'id', `${id}`);
  const stats = map_ids.find(
    (map) => bpftool<{ name: string }>('map', 'show', 'id', `${map}`).name === 'stats',
  );
  type Entry = { formatted: { values: { value: Record<string, number> }[] } };
  const [entry] = bpftool<Entry[]>('map', 'dump', 'id', `${stats}`);
  const sums: Record<string, number> = {};
  for (const { value } of entry!.formatted.values) {
    for (const [name, count] of Object.entries(value)) sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}
