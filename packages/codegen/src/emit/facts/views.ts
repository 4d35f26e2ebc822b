import { type BlockId, upperBound, type Value, type ValueId } from '@hookdump/filter';
import { type Prepared, targets } from '../prepared.ts';
import { followedValues, withBoundedWords } from './bounds.ts';
import type { Shape } from './dominators.ts';

/** Where a load reads: at `offset` of a view (access.h), a stretch of the packet. */
export interface Place {
  readonly view: View;
  readonly offset: number;
}

/** All loads from one computed index are of one view; those at constant offsets too. */
export interface View {
  /** What offsets are added to; none: the packet's first byte. */
  readonly index: ValueId | undefined;
  /** An upper bound of the index that the verifier knows as well; 0 without index. */
  readonly most: number;
  /**
   * What the index nearly always is: where it is, the view is a part of the packet's leading bytes
   * and needs no comparison of its own.
   */
  readonly usual?: number;
  /** The byte that says what the index is, where it has a usual value. */
  readonly header?: ValueId;
}

/** What stands in front of a load. */
export type Step =
  /** One comparison with the packet's end, for all loads of a view that all ways to lead through it. */
  | { readonly kind: 'reach'; readonly view: View; readonly first: number; readonly end: number }
  /**
   * The same for the packet's leading bytes where some of them have been reached: `further` if all
   * that is loaded from then on is loaded behind it.
   */
  | {
      readonly kind: 'further' | 'covers';
      readonly view: View;
      readonly first: number;
      readonly end: number;
    }
  /** A view at its usual index, of the bytes that have been reached. */
  | { readonly kind: 'part'; readonly view: View };

export interface Views {
  /** In the order in which they are first reached. */
  readonly all: readonly View[];
  readonly places: ReadonlyMap<ValueId, Place>;
  /** By the load that they stand in front of. */
  readonly steps: ReadonlyMap<ValueId, readonly Step[]>;
}

type Load = Value & { kind: 'load' };

/** A bound that says nothing. */
const UNBOUNDED = 0xffffffff;

/** Bytes of an IPv4 header without options. */
const IPV4_HEADER = 20;

/** By link type: bytes in front of the network header, for {@link commonEnds}. */
const LINK_HEADERS: Readonly<Record<string, number>> = {
  EN10MB: 14,
  RAW: 0,
  LINUX_SLL: 16,
  LINUX_SLL2: 20,
  NULL: 4,
  LOOP: 4,
};

/**
 * Lengths that packets have at least, so that a guard may ask for so much where less would do for
 * the load at hand, and not send real traffic the slow way: an IPv4 header and the 8 bytes of UDP or
 * ICMP (an ARP message has as much), an IPv4 and a TCP header or an IPv6 header, and one with 8 bytes
 * behind.
 */
export function commonEnds(linkType: string): readonly number[] {
  const header = LINK_HEADERS[linkType] ?? 0;
  return [header + 28, header + 40, header + 48];
}

/** How much further than needed a guard goes elsewhere: the rest of an IPv6 address. */
const LITTLE_MORE = 12;

/** What transport headers have at least, counted from their beginning: any, TCP. */
const TRANSPORT_ENDS: readonly number[] = [8, 20];

/** Which loads share a view, and where views are compared with the packet's end. */
export function planViews(prepared: Prepared, shape: Shape, linkType: string): Views {
  const { blocks } = prepared;
  const frame: View = { index: undefined, most: 0 };
  const places = findPlaces(prepared, frame);
  const reaches = new Map<View, Reach>();
  const reachOf = (view: View): Reach => {
    const known = reaches.get(view) ?? new Reach(view, linkType);
    reaches.set(view, known);
    return known;
  };
  const all = new Set<View>();
  for (const load of loadsOf(prepared)) {
    const place = places.get(load.id)!;
    const { view, offset } = inFrame(place, frame);
    reachOf(view).add(offset, load.size);
    all.add(view).add(place.view);
  }

  const steps = new Map<ValueId, readonly Step[]>();
  const arriving = new Map<BlockId, ReadonlyMap<View, number>>();
  for (const block of blocks.values()) {
    let ends: ReadonlyMap<View, number> = arriving.get(block.id) ?? new Map();
    for (const value of block.values) {
      if (value.kind !== 'load') continue;
      const place = places.get(value.id)!;
      const { view, offset } = inFrame(place, frame);
      const before: Step[] = [];
      if ((ends.get(view) ?? 0) < offset + value.size) {
        const { first } = reachOf(view);
        const end = reachOf(view).endFor(offset + value.size);
        const opens = view !== frame || !ends.has(view);
        const kind = opens
          ? 'reach'
          : meetsOthers(block.id, prepared, shape)
            ? 'covers'
            : 'further';
        before.push({ kind, view, first, end });
        // Parts are parts of where the view was.
        const kept = kind === 'further' ? [...ends].filter(([{ usual }]) => !usual) : ends;
        ends = new Map(kept).set(view, end);
      }
      if (view !== place.view && !ends.has(place.view)) {
        before.push({ kind: 'part', view: place.view });
        ends = new Map(ends).set(place.view, 0);
      }
      if (before.length > 0) steps.set(value.id, before);
    }
    for (const to of targets(block)) {
      const others = arriving.get(to);
      arriving.set(to, others === undefined ? ends : onBoth(ends, others));
    }
  }
  return { all: [...all], places, steps };
}

/** Whether anything is loaded behind a block that other ways lead to as well. */
function meetsOthers(from: BlockId, { blocks }: Prepared, { dominator }: Shape): boolean {
  const behind = new Set([from]);
  for (const id of behind) for (const to of targets(blocks.get(id)!)) behind.add(to);
  const isUnder = (id: BlockId): boolean => {
    let above: BlockId | undefined = id;
    while (above !== undefined && above > from) above = dominator.get(above);
    return above === from;
  };
  return [...behind].some(
    (id) => blocks.get(id)!.values.some(({ kind }) => kind === 'load') && !isUnder(id),
  );
}

/** What two ways to a block have both reached. */
function onBoth(
  some: ReadonlyMap<View, number>,
  others: ReadonlyMap<View, number>,
): ReadonlyMap<View, number> {
  const both = new Map<View, number>();
  for (const [view, end] of some) {
    const other = others.get(view);
    if (other !== undefined) both.set(view, Math.min(end, other));
  }
  return both;
}

/** A place of a part, as one of the packet's leading bytes. */
function inFrame({ view, offset }: Place, frame: View): Place {
  return view.usual === undefined ? { view, offset } : { view: frame, offset: view.usual + offset };
}

function* loadsOf({ blocks }: Prepared): Iterable<Load> {
  for (const { values } of blocks.values()) {
    for (const value of values) if (value.kind === 'load') yield value;
  }
}

/** The place of each load. */
function findPlaces(prepared: Prepared, frame: View): ReadonlyMap<ValueId, Place> {
  const { constants } = prepared;
  const followed = followedValues(prepared);
  const bounded = withBoundedWords(prepared);
  const computed = new Map<ValueId, View>();
  const found = new Map<ValueId, Place>();
  const viewAt = (index: ValueId): View => {
    const known = computed.get(index);
    if (known !== undefined) return known;
    const most = followed.has(index) ? Math.max(1, upperBound(index, bounded)) : UNBOUNDED;
    const header = headerByte(index, prepared);
    const usual = header === undefined ? {} : { usual: IPV4_HEADER, header };
    const view = { index, most, ...usual };
    computed.set(index, view);
    return view;
  };
  for (const { id, index, offset } of loadsOf(prepared)) {
    const constant = index === undefined ? 0 : constants.get(index);
    const place =
      constant === undefined
        ? { view: viewAt(index!), offset }
        : { view: frame, offset: offset + constant };
    found.set(id, place);
  }
  return found;
}

/** The byte whose lower half, by 4, it is: the first one of an IPv4 header, if it is its length. */
function headerByte(id: ValueId, { byId, constants }: Prepared): ValueId | undefined {
  const value = byId.get(id)!;
  if (value.kind !== 'arith') return undefined;
  const factor = constants.get(value.right);
  if (!((value.op === '*' && factor === 4) || (value.op === '<<' && factor === 2)))
    return undefined;
  const half = byId.get(value.left)!;
  if (half.kind !== 'arith' || half.op !== '&' || constants.get(half.right) !== 0xf) {
    return undefined;
  }
  const byte = byId.get(half.left)!;
  return byte.kind === 'load' && byte.size === 1 && byte.index === undefined ? byte.id : undefined;
}

/** How far the loads of one view go. */
class Reach {
  readonly #steps: readonly number[];
  readonly #computed: boolean;
  readonly #ends = new Set<number>();
  first = Number.POSITIVE_INFINITY;

  constructor(view: View, linkType: string) {
    this.#computed = view.index !== undefined;
    this.#steps = this.#computed ? TRANSPORT_ENDS : commonEnds(linkType);
  }

  add(offset: number, size: number): void {
    this.first = Math.min(this.first, offset);
    this.#ends.add(offset + size);
  }

  /** As far as packets surely go that go as far as `needed`. */
  endFor(needed: number): number {
    const base = this.#computed ? this.first : 0;
    const step = this.#steps.find((each) => needed <= base + each);
    const limit = step === undefined ? needed + LITTLE_MORE : base + step;
    let furthest = needed;
    for (const end of this.#ends) if (end <= limit && end > furthest) furthest = end;
    return furthest;
  }
}
