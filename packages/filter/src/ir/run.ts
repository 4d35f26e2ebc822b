import { arith, compare } from './arith.ts';
import type { Ancillary, Program, Value, ValueId } from './types.ts';

/** Runs one program on one packet after the other; see {@link run} for the parameters. */
export type Interpreter = (
  packet: Uint8Array,
  wireLength?: number,
  ancillary?: Ancillary,
) => number;

/** What one run has computed so far. Unsigned 32-bit numbers, indexed by value and by word. */
interface State {
  readonly values: Uint32Array;
  readonly words: Uint32Array;
  readonly packet: Uint8Array;
  readonly wireLength: number;
  readonly ancillary: Ancillary;
}

/**
 * The reference interpreter: what a program means. Every back end must agree with it, and it with
 * libpcap's `bpf_filter()`. For many packets, {@link interpreter} is quicker.
 *
 * @param packet the captured bytes, from the link-layer header on
 * @param wireLength bytes that the packet had on the wire (`len`); at least `packet.length`
 * @param ancillary what the kernel knew of the packet beside its bytes; a field left out is 0
 * @returns the filter's return value: 0 for no match, otherwise the bytes to keep
 */
export function run(
  program: Program,
  packet: Uint8Array,
  wireLength: number = packet.length,
  ancillary: Ancillary = {},
): number {
  return interpreter(program)(packet, wireLength, ancillary);
}

/** {@link run} for many packets: looks the program through once, and allocates its state once. */
export function interpreter(program: Program): Interpreter {
  let values = 0;
  let words = 0;
  for (const block of program.blocks) {
    for (const value of block.values) {
      values = Math.max(values, value.id + 1);
      if (value.kind === 'store' || value.kind === 'recall')
        words = Math.max(words, value.word + 1);
    }
  }
  const known = new Uint32Array(values);
  const scratch = new Uint32Array(words);
  return (packet, wireLength = packet.length, ancillary = {}) => {
    // Values need no clearing: each is computed before it is used.
    scratch.fill(0);
    return walk(program, { values: known, words: scratch, packet, wireLength, ancillary });
  };
}

function walk({ blocks }: Program, state: State): number {
  const known = state.values;
  let block = blocks[0]!;
  for (;;) {
    for (const value of block.values) {
      const result = evaluate(value, state);
      if (result === undefined) return 0;
      known[value.id] = result;
    }
    const end = block.end;
    if (end.kind === 'return') return end.value;
    if (end.kind === 'return-value') return known[end.value]!;
    const { op, left, right } = end.test;
    block = blocks[compare(op, known[left]!, known[right]!) ? end.yes : end.no]!;
  }
}

/** One value; `undefined` where the packet is rejected at once: out of bounds, division by zero. */
function evaluate(value: Value, state: State): number | undefined {
  const known = (id: ValueId): number => state.values[id]!;
  switch (value.kind) {
    case 'const':
      return value.value;
    case 'length':
      return state.wireLength >>> 0;
    case 'load': {
      const { packet } = state;
      const start = value.offset + (value.index === undefined ? 0 : known(value.index));
      if (start + value.size > packet.length) return undefined;
      let loaded = 0;
      for (let at = start; at < start + value.size; at++) loaded = loaded * 256 + packet[at]!;
      return loaded;
    }
    case 'arith':
      return arith(value.op, known(value.left), known(value.right));
    case 'ancillary':
      return (state.ancillary[value.field] ?? 0) >>> 0;
    case 'store':
      state.words[value.word] = known(value.value);
      return known(value.value);
    case 'recall':
      return state.words[value.word]!;
    default:
      return value satisfies never;
  }
}
