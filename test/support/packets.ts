import { type Ancillary, type Instruction, type Program, toClassic } from '@hookdump/filter';
import { basePacket } from './base-packets.ts';
import type { Random } from './random.ts';
import { room, type Steered, steer } from './steer.ts';

export interface Packet {
  readonly data: Uint8Array;
  /** Bytes on the wire: `data.length` unless the packet was truncated by a snapshot length. */
  readonly wireLength: number;
  /** What the kernel knows of it beside its bytes; only what the program asks for. */
  readonly ancillary: Ancillary;
}

/**
 * Packets that a filter has something to say about: steered down its branches, each then also with
 * a byte changed (near misses) and cut short.
 */
export const guidedPackets = (program: Program, r: Random, count: number): Packet[] =>
  packetsFor([toClassic(withoutNames(program))], program.linkType, r, count);

/** No packet leads to a device, and classic BPF cannot ask for its name: the rest of a program does. */
const withoutNames = (program: Program): Program => ({
  ...program,
  blocks: program.blocks.map((block) => ({
    ...block,
    values: block.values.map((value) =>
      value.kind === 'ancillary' && value.field.startsWith('interface-name')
        ? { kind: 'const', id: value.id, value: 0 }
        : value,
    ),
  })),
});

/** The same for several programs that should agree: steered by each of them in turn. */
export function packetsFor(
  programs: readonly (readonly Instruction[])[],
  linkType: string,
  r: Random,
  count: number,
): Packet[] {
  const packets: Packet[] = [];
  for (let turn = 0; packets.length < count; turn++) {
    const steered: Steered = {
      bytes: basePacket(r, linkType, room),
      length: 40 + r.below(120),
      wireLength: 0,
      ancillary: {},
    };
    // Steered twice, half of them: the second program finds what the first has led to.
    for (let times = 1 + r.below(2); times > 0; times--) {
      steered.wireLength = steered.length;
      steer(programs[(turn + times) % programs.length]!, steered, r);
    }
    const data = steered.bytes.slice(0, steered.length);
    const { wireLength, ancillary } = steered;
    packets.push({ data, wireLength, ancillary });
    const near = Uint8Array.from(data);
    if (near.length > 0) near[r.below(near.length)]! ^= 1 << r.below(8);
    packets.push({ data: near, wireLength, ancillary });
    const cut = data.slice(
      0,
      r.oneIn(4) ? r.below(data.length) : r.below(Math.min(60, data.length)),
    );
    packets.push({ data: cut, wireLength: r.oneIn(2) ? wireLength : cut.length, ancillary });
  }
  return packets.slice(0, count);
}
