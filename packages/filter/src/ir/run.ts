import { arith, compare } from './arith.ts';
import type { Program, Value, ValueId } from './types.ts';

/**
 * The reference interpreter: what a program means. Every back end must agree with it, and it with
 * libpcap's `bpf_filter()`.
 *
 * @param packet the captured bytes, from the link-layer header on
 * @param wireLength bytes that the packet had on the wire (`len`); at least `packet.length`
 * @returns the filter's return value: 0 for no match, otherwise the bytes to keep
 */
export function run(
  program: Program,
  packet: Uint8Array,
  wireLength: number = packet.length,
): number {
  const known = new Map<ValueId, number>();
  let block = program.blocks[0]!;
  for (;;) {
    for (const value of block.values) {
      const result = evaluate(value, known, packet, wireLength);
      if (result === undefined) return 0;
      known.set(value.id, result);
    }
    const end = block.end;
    if (end.kind === 'return') return end.value;
    const holds = compare(end.test.op, known.get(end.test.left)!, known.get(end.test.right)!);
    block = program.blocks[holds ? end.yes : end.no]!;
  }
}

/**
 * One value for one packet.
 *
 * @param known the values that this one is computed from
 * @returns `undefined` where the packet is rejected at once: out of bounds, division by zero
 */
export function evaluate(
  value: Value,
  known: ReadonlyMap<ValueId, number>,
  packet: Uint8Array,
  wireLength: number,
): number | undefined {
  switch (value.kind) {
    case 'const':
      return value.value;
    case 'length':
      return wireLength >>> 0;
    case 'load': {
      const start = value.offset + (value.index === undefined ? 0 : known.get(value.index)!);
      if (start + value.size > packet.length) return undefined;
      let loaded = 0;
      for (let at = start; at < start + value.size; at++) loaded = loaded * 256 + packet[at]!;
      return loaded;
    }
    case 'arith':
      return arith(value.op, known.get(value.left)!, known.get(value.right)!);
    default:
      return value satisfies never;
  }
}
