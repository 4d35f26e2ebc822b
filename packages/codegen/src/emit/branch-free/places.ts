import type { BlockId, ValueId } from '@hookdump/filter';
import type { Shape } from '../facts/dominators.ts';
import { commonEnds } from '../facts/views.ts';
import { type Prepared, type PreparedBlock, targets } from '../prepared.ts';
import { type Reach, reachOf } from './reach.ts';
import type { Load, Unified } from './unify.ts';

/** What offsets are added to: a value, or so many bytes. */
export type Index = { readonly value: ValueId } | { readonly bytes: number };

/** A stretch of the packet that is compared with the packet's end once, and for every packet. */
export interface Stretch {
  readonly name: string;
  /**
   * The leading bytes, that every packet has which is no runt: none. Otherwise where it begins, where
   * it is of use. In other packets it begins at 0, so that it lies within their leading bytes.
   */
  readonly starts: readonly Start[];
  readonly first: number;
  readonly end: number;
}

export interface Start {
  readonly index: Index;
  /** All ways to where it is of use lead through this block. */
  readonly block: BlockId;
}

/** Where a load reads: `offset` from where the stretch begins. */
export interface Place {
  readonly stretch: Stretch;
  readonly offset: number;
}

/** A load of the program, of which there may be another that reads the same. */
interface Found {
  readonly load: Load;
  readonly block: BlockId;
  /** None: the packet's first byte. */
  readonly index: ValueId | undefined;
  readonly offset: number;
}

type Group = readonly Found[];

/** What transport headers have at least, counted from their beginning: any, TCP. */
const TRANSPORT_ENDS: readonly number[] = [8, 20];

/** Indices are multiples of it: Linux 6.1 reads no other numbers from its stack. */
const ALIGNMENT = 4;

/** The place of each load, by the loads of the original program. */
export function findPlaces(
  original: Prepared,
  unified: Unified,
  shape: Shape,
  linkType: string,
): ReadonlyMap<ValueId, Place> {
  const ends = commonEnds(linkType);
  const found = loadsOf(original, unified);
  const near = found.filter((each) => each.index === undefined && endOf(each) <= ends[0]!);
  const beyond = found.filter((each) => each.index === undefined && !near.includes(each));
  const computed = found.filter(({ index }) => index !== undefined);

  const places = new Map<ValueId, Place>();
  const add = (name: string, groups: readonly Group[], shift: number, starts: readonly Start[]) => {
    const loads = groups.flat();
    const first = Math.min(...loads.map(({ offset }) => offset)) - shift;
    const stretch = { name, starts, first, end: Math.max(...loads.map(endOf)) - shift };
    for (const { load, offset } of loads) places.set(load.id, { stretch, offset: offset - shift });
  };
  if (near.length > 0) add('frame', [near], 0, []);
  const startOf = (group: Group, index: Index): Start => ({
    index,
    block: commonDominator(
      group.map(({ block }) => block),
      shape,
    ),
  });
  let count = 0;
  const name = (): string => (count++ === 0 ? 'further' : `further_${count}`);
  for (const groups of unite(
    splitComputed(computed, shape, reachOf(unified.prepared)),
    original,
    unified,
    new Set(near),
  )) {
    const starts = groups.map((group) => startOf(group, { value: group[0]!.index! }));
    add(name(), groups, 0, starts);
  }
  for (const group of splitByEnd(beyond, 0, ends)) {
    const shift = Math.max(...group.map(endOf)) - ends[0]!;
    const bytes = Math.ceil(shift / ALIGNMENT) * ALIGNMENT;
    // What would begin in front of the packet then is not moved at all.
    const fits = group.every(({ offset }) => offset >= bytes);
    add(name(), [group], fits ? bytes : 0, [startOf(group, { bytes: fits ? bytes : 0 })]);
  }
  return places;
}

const endOf = ({ load, offset }: Found): number => offset + load.size;

function loadsOf({ blocks }: Prepared, { prepared, same }: Unified): Group {
  const found: Found[] = [];
  for (const block of blocks.values()) {
    for (const load of block.values) {
      if (load.kind !== 'load') continue;
      const at = load.index === undefined ? undefined : same(load.index);
      const constant = at === undefined ? 0 : prepared.constants.get(at);
      const index = constant === undefined ? at : undefined;
      found.push({ load, block: block.id, index, offset: load.offset + (constant ?? 0) });
    }
  }
  return found;
}

/**
 * Loads of TCP's header are compared with the end together, unless packets get there that have less
 * behind the IP header.
 */
function splitComputed(loads: Group, shape: Shape, reach: Reach): readonly Group[] {
  const indices = new Set(loads.map(({ index }) => index));
  return [...indices].flatMap((index) => {
    const group = loads.filter((each) => each.index === index);
    const block = commonDominator(
      group.map((each) => each.block),
      shape,
    );
    const isOneProtocol = reach.blocks.get(block)?.every(({ kind }) => kind === 'test');
    const ends = isOneProtocol ? TRANSPORT_ENDS.slice(-1) : TRANSPORT_ENDS;
    return splitByEnd(group, Math.min(...group.map(({ offset }) => offset)), ends);
  });
}

/** A packet that has the first load's bytes can lack those of a later one: not in one header. */
function splitByEnd(loads: Group, base: number, ends: readonly number[]): readonly Group[] {
  const groups = new Map<number, Found[]>();
  for (const each of loads) {
    const step = ends.find((end) => endOf(each) <= base + end) ?? endOf(each);
    groups.set(step, [...(groups.get(step) ?? []), each]);
  }
  return [...groups.values()];
}

/** Puts together groups of which a packet needs one at most: ports of TCP, and others of UDP. */
function unite(
  groups: readonly Group[],
  original: Prepared,
  unified: Unified,
  near: ReadonlySet<Found>,
): readonly (readonly Group[])[] {
  const plain = new Set([...near].map(({ load }) => load.id));
  const below = descendants(original);
  const leadsTo = (from: Group, to: Group): boolean =>
    from.some((a) => to.some((b) => a.block === b.block || below.get(a.block)!.has(b.block)));
  const isEarly = (group: Group): boolean =>
    isPlain({ value: group[0]!.index! }, unified, plain) &&
    [...original.blocks.values()].every(
      ({ id, values }) =>
        !group.some(({ block }) => below.get(id)!.has(block)) ||
        group.some(({ block }) => block === id) ||
        values.every((value) => value.kind !== 'load' || plain.has(value.id)),
    );
  const base = (group: Group): number => Math.min(...group.map(({ offset }) => offset));
  const united: Group[][] = [];
  for (const group of groups) {
    const other = isEarly(group)
      ? united.find((all) =>
          all.every(
            (each) =>
              isEarly(each) &&
              base(each) === base(group) &&
              !leadsTo(each, group) &&
              !leadsTo(group, each),
          ),
        )
      : undefined;
    if (other === undefined) united.push([group]);
    else other.push(group);
  }
  return united;
}

/** Whether it can be computed before any other stretch is open. */
function isPlain(
  index: { readonly value: ValueId },
  { prepared, phis }: Unified,
  plain: ReadonlySet<ValueId>,
): boolean {
  const check = (id: ValueId): boolean => {
    const value = prepared.byId.get(id)!;
    if (prepared.constants.has(id)) return true;
    if (value.kind === 'load') return plain.has(id);
    if (value.kind === 'arith') return check(value.left) && check(value.right);
    return phis.get(id)?.ways.every((way) => check(way.value)) ?? true;
  };
  return check(index.value);
}

/** By block: those that it leads to, however far on. */
function descendants({ blocks }: Prepared): ReadonlyMap<BlockId, ReadonlySet<BlockId>> {
  const below = new Map<BlockId, ReadonlySet<BlockId>>();
  const order: readonly PreparedBlock[] = [...blocks.values()].reverse();
  for (const block of order) {
    const next = targets(block);
    below.set(block.id, new Set(next.flatMap((to) => [to, ...(below.get(to) ?? [])])));
  }
  return below;
}

function commonDominator(blocks: readonly BlockId[], { dominator }: Shape): BlockId {
  const chain = (from: BlockId): readonly BlockId[] => {
    const found: BlockId[] = [];
    for (let at: BlockId | undefined = from; at !== undefined; at = dominator.get(at)) {
      found.push(at);
    }
    return found;
  };
  const chains = blocks.map(chain);
  return chains[0]!.find((block) => chains.every((each) => each.includes(block)))!;
}
