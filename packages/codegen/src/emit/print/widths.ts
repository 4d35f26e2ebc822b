import type { Value, ValueId } from '@hookdump/filter';
import type { Prepared } from '../prepared.ts';
import type { RawSize } from './byte-order.ts';

/** Values that are read in another width than the program says, and to the same end. */
export interface Widths {
  /** Loads of 16 bits that are only compared with limits: they are kept in registers of 32. */
  readonly compared: ReadonlySet<ValueId>;
  /** Loads of 32 bits of which only the first bytes are looked at, and how many. */
  readonly heads: ReadonlyMap<ValueId, Head>;
  /** By masked value: the load that it is when no more is read. */
  readonly masked: ReadonlyMap<ValueId, Head>;
}

export interface Head {
  readonly load: ValueId;
  /** Bits of it. */
  readonly bits: 8 | 16;
}

/** By mask: how many leading bits of 32 it leaves. */
const LEADING: ReadonlyMap<number, 8 | 16> = new Map([
  [0xff000000, 8],
  [0xffff0000, 16],
]);

export const AS_THEY_ARE: Widths = { compared: new Set(), heads: new Map(), masked: new Map() };

export function widthsOf(prepared: Prepared, raw: ReadonlyMap<ValueId, RawSize>): Widths {
  const { blocks, byId, constants, uses } = prepared;
  const limits = new Map<ValueId, number>();
  const heads = new Map<ValueId, Head>();
  const masked = new Map<ValueId, Head>();
  for (const { end } of blocks.values()) {
    if (end.kind !== 'branch') continue;
    const { op, left, right } = end.test;
    if (op === '>' || op === '>=') {
      for (const id of [left, right]) limits.set(id, (limits.get(id) ?? 0) + 1);
    }
    const head =
      op === '==' && constants.has(right) ? headOf(byId.get(left)!, prepared, raw) : undefined;
    if (head === undefined) continue;
    heads.set(head.load, head);
    masked.set(left, head);
  }
  const compared = new Set<ValueId>();
  for (const [id, times] of limits) {
    const value = byId.get(id)!;
    if (value.kind === 'load' && value.size === 2 && uses.get(id) === times) compared.add(id);
  }
  return { compared, heads, masked };
}

/** The load that a masked value is the beginning of, if nobody else reads either. */
function headOf(
  value: Value,
  { byId, constants, uses }: Prepared,
  raw: ReadonlyMap<ValueId, RawSize>,
): Head | undefined {
  if (value.kind !== 'arith' || value.op !== '&' || uses.get(value.id) !== 1) return undefined;
  const load = byId.get(value.left)!;
  const bits = LEADING.get(constants.get(value.right) ?? 0);
  if (bits === undefined || load.kind !== 'load' || load.size !== 4) return undefined;
  return uses.get(load.id) === 1 && raw.has(value.id) ? { load: load.id, bits } : undefined;
}
