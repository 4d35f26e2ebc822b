import type {
  AncillaryField,
  ArithOp,
  Block,
  BlockId,
  LoadSize,
  Program,
  Terminator,
  TestOp,
  Value,
  ValueId,
} from '../ir/types.ts';

/** A random source: `below(n)` is an integer from 0 to n − 1. Equal seeds give equal numbers. */
export interface Random {
  below(n: number): number;
  pick<T>(from: readonly T[]): T;
}

export function random(seed: number): Random {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  const below = (n: number): number => {
    // Mulberry32.
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
  return { below, pick: (from) => from[below(from.length)]! };
}

// Few numbers, offsets and masks, so that tests repeat, contradict and imply each other.
const numbers = [0, 1, 2, 3, 4, 5, 6, 8, 0xc, 0xf, 0x10, 0x40, 0x45, 0x80, 0xf0, 0xfc, 0xff];
const large = [
  0x800, 0x806, 0xff00, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffff00, 0xffffffff,
];
const offsets = [0, 0, 0, 1, 2, 3, 4, 6, 8, 12, 20, 33];
const farOffsets = [60, 0xffff, 0xfffffffc, 0xffffffff];
const ops: readonly ArithOp[] = ['+', '+', '-', '*', '/', '%', '&', '&', '&', '|', '^', '<<', '>>'];
const testOps: readonly TestOp[] = ['==', '==', '==', '>', '>=', '&', '&'];
const fields: readonly AncillaryField[] = ['vlan-tag-present', 'vlan-tag', 'interface-index'];
const returns = [0, 0, 1, 96, 262144];

/**
 * A random program that `verify` takes, of up to `size` blocks: with tests of few values, so that
 * one decides the other, with values used in other blocks than their own, with scratch words.
 */
export function randomGraph({ below, pick }: Random, size: number): Program {
  const count = 2 + below(size);
  const edges = Array.from({ length: count }, (_, at): readonly number[] => {
    if (at === count - 1 || below(7) === 0) return [];
    const forward = (): number => Math.min(count - 1, at + 1 + below(below(3) === 0 ? count : 3));
    return [forward(), forward()];
  });
  const reached = new Set([0]);
  edges.forEach((to, at) => {
    if (reached.has(at)) for (const each of to) reached.add(each);
  });
  const order = [...reached].sort((a, b) => a - b);
  const numbered = new Map(order.map((old, index) => [old, index as BlockId]));
  const available = new Map<number, readonly ValueId[]>();
  let next = 0;

  const blocks = order.map((old): Block => {
    const known = [...(available.get(old) ?? [])];
    const values: Value[] = [];
    const add = (value: Value): ValueId => {
      values.push(value);
      known.push(value.id);
      return value.id;
    };
    const id = (): ValueId => next++ as ValueId;
    const constant = (): ValueId =>
      add({ kind: 'const', id: id(), value: below(5) === 0 ? pick(large) : pick(numbers) });
    const some = (): ValueId =>
      known.length === 0 || below(8) === 0
        ? value()
        : known[known.length - 1 - below(Math.min(known.length, 6))]!;
    const load = (): ValueId => {
      const size = pick<LoadSize>([1, 1, 2, 4]);
      const offset = below(40) === 0 ? pick(farOffsets) : pick(offsets);
      if (below(5) > 0) return add({ kind: 'load', id: id(), size, offset });
      const index = some();
      return add({ kind: 'load', id: id(), size, offset, index });
    };
    const value = (): ValueId => {
      switch (below(12)) {
        case 0:
          return constant();
        case 1:
          return add({ kind: 'length', id: id() });
        case 2:
          return add({ kind: 'ancillary', id: id(), field: pick(fields) });
        case 3:
        case 4: {
          const left = some();
          const right = below(4) === 0 ? some() : constant();
          return add({ kind: 'arith', id: id(), op: pick(ops), left, right });
        }
        case 5:
          return add({ kind: 'store', word: below(3), value: some(), id: id() });
        case 6:
          return add({ kind: 'recall', word: below(3), id: id() });
        default:
          return load();
      }
    };
    for (let more = below(5); more > 0; more--) value();
    const end = ((): Terminator => {
      const to = edges[old]!;
      if (to.length === 0) {
        return below(6) === 0
          ? { kind: 'return-value', value: some() }
          : { kind: 'return', value: pick(returns) };
      }
      const left = some();
      const right = below(6) === 0 ? some() : constant();
      const swapped = below(12) === 0;
      return {
        kind: 'branch',
        test: { op: pick(testOps), left: swapped ? right : left, right: swapped ? left : right },
        yes: numbered.get(to[0]!)!,
        no: numbered.get(to[1]!)!,
      };
    })();
    for (const to of edges[old]!) {
      const before = available.get(to);
      available.set(
        to,
        before === undefined ? known : before.filter((each) => known.includes(each)),
      );
    }
    return { id: numbered.get(old)!, values, end };
  });
  return { linkType: 'EN10MB', snapLen: 262144, blocks };
}

/** A packet of 0 to 70 bytes whose bytes are mostly those that the programs ask for. */
export function randomPacket({ below, pick }: Random): Uint8Array {
  const length = below(3) === 0 ? 70 : below(71);
  return Uint8Array.from({ length }, () => {
    switch (below(5)) {
      case 0:
        return below(256);
      case 1:
        return 0;
      default:
        return pick(numbers);
    }
  });
}
