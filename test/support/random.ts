/** Random choices that can be repeated: the seed is printed by whoever uses this. */
export interface Random {
  /** An integer from 0 to below `limit`. */
  below(limit: number): number;
  pick<T>(list: readonly T[]): T;
  /** True in one of `n` cases. */
  oneIn(n: number): boolean;
}

/** The seed of this run: `HOOKDUMP_SEED`, or a fixed one, so that CI is the same each time. */
export const seed = Number(process.env.HOOKDUMP_SEED ?? 20261121);

/** A small generator with 32 bits of state (an xorshift-multiply hash of a counter). */
export function random(from: number): Random {
  let state = from >>> 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  const below = (limit: number): number => Math.floor((next() / 2 ** 32) * limit);
  return {
    below,
    pick: (list) => list[below(list.length)]!,
    oneIn: (n) => below(n) === 0,
  };
}
