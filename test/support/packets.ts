import {
  compare,
  evaluate,
  operands,
  type Program,
  type Value,
  type ValueId,
  valuesById,
} from '@hookdump/filter';
import type { Random } from './random.ts';

export interface Packet {
  readonly data: Uint8Array;
  /** Bytes on the wire: `data.length` unless the packet was truncated by a snapshot length. */
  readonly wireLength: number;
}

/**
 * Packets that a filter has something to say about: steered down its branches, each then also with
 * a byte changed (near misses) and cut short.
 */
export function guidedPackets(program: Program, r: Random, count: number): Packet[] {
  const packets: Packet[] = [];
  while (packets.length < count) {
    const data = steer(program, base(r, program.linkType), r);
    packets.push({ data, wireLength: data.length });
    const near = Uint8Array.from(data);
    near[r.below(near.length)]! ^= 1 << r.below(8);
    packets.push({ data: near, wireLength: near.length });
    const cut = data.slice(0, r.oneIn(4) ? r.below(data.length) : r.below(60));
    packets.push({ data: cut, wireLength: r.oneIn(2) ? data.length : cut.length });
  }
  return packets.slice(0, count);
}

/** Random bytes under headers that begin plausibly. */
function base(r: Random, linkType: string): Uint8Array {
  const packet = Uint8Array.from({ length: 40 + r.below(120) }, () =>
    r.oneIn(3) ? r.below(256) : r.below(3),
  );
  const network = linkType === 'EN10MB' ? 14 : 0;
  const isIpv6 = r.oneIn(3);
  if (network > 0)
    packet.set(
      r.pick([
        [8, 0],
        [8, 0],
        [8, 6],
        [0x80, 0x35],
      ]),
      12,
    );
  if (isIpv6) {
    if (network > 0) packet.set([0x86, 0xdd], 12);
    packet[network] = 0x60 | r.below(16);
    packet[network + 6] = r.pick([6, 17, 58, 44, 132, 0]);
    if (packet.length > network + 40) packet[network + 40] = r.pick([6, 17, 58]);
  } else {
    packet[network] = r.pick([0x45, 0x45, 0x46, 0x4f, 0x40]);
    packet[network + 6] = r.pick([0, 0, 0x40, 0x20]);
    packet[network + 7] = r.oneIn(6) ? 1 : 0;
    packet[network + 9] = r.pick([1, 6, 17, 132, 2]);
  }
  return packet;
}

/** Walks the program with the packet, at each branch changing the packet to go a random way. */
function steer(program: Program, packet: Uint8Array, r: Random): Uint8Array {
  const values = valuesById(program);
  let block = program.blocks[0]!;
  while (block.end.kind === 'branch') {
    const { test, yes, no } = block.end;
    const wanted = !r.oneIn(3);
    const left = values.get(test.left)!;
    const right = values.get(test.right)!;
    if (right.kind === 'const') aim(left, goal(test.op, right.value, wanted, r), packet, values);
    const [a, b] = [valueFor(left, packet, values), valueFor(right, packet, values)];
    if (a === undefined || b === undefined) return packet;
    block = program.blocks[compare(test.op, a, b) ? yes : no]!;
  }
  return packet;
}

/** A value for which the comparison with `constant` comes out as wanted. */
function goal(op: string, constant: number, wanted: boolean, r: Random): number {
  if (op === '==') return wanted ? constant : constant ^ (1 << r.below(16));
  if (op === '&') return wanted ? constant & -constant : 0;
  const edge = (op === '>') === wanted ? constant + 1 : constant;
  return ((op === '>') === wanted ? edge : wanted ? edge : edge - (op === '>' ? 0 : 1)) >>> 0;
}

/** Writes into the packet so that a value becomes `target`, where it is simple enough to see how. */
function aim(
  value: Value,
  target: number,
  packet: Uint8Array,
  values: ReadonlyMap<ValueId, Value>,
): void {
  if (value.kind === 'arith') {
    const left = values.get(value.left)!;
    const right = values.get(value.right)!;
    if (right.kind !== 'const') return;
    if (value.op === '&') {
      const old = valueFor(left, packet, values) ?? 0;
      aim(left, ((old & ~right.value) | (target & right.value)) >>> 0, packet, values);
    } else if (value.op === '+') aim(left, (target - right.value) >>> 0, packet, values);
    else if (value.op === '-') aim(left, (target + right.value) >>> 0, packet, values);
    else if (value.op === '>>') aim(left, (target << right.value) >>> 0, packet, values);
    else if (value.op === '<<') aim(left, target >>> right.value, packet, values);
    return;
  }
  if (value.kind !== 'load') return;
  const index = value.index === undefined ? 0 : valueFor(values.get(value.index)!, packet, values);
  if (index === undefined || value.offset + index + value.size > packet.length) return;
  for (let i = 0; i < value.size; i++) {
    packet[value.offset + index + i] = (target >>> (8 * (value.size - 1 - i))) & 0xff;
  }
}

/** One value for one packet; `undefined` where computing it rejects the packet. */
function valueFor(
  value: Value,
  packet: Uint8Array,
  values: ReadonlyMap<ValueId, Value>,
): number | undefined {
  const known = new Map<ValueId, number>();
  for (const id of operands(value)) {
    const operand = valueFor(values.get(id)!, packet, values);
    if (operand === undefined) return undefined;
    known.set(id, operand);
  }
  return evaluate(value, known, packet, packet.length);
}
