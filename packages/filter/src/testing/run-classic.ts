import { fieldAt, xorOffset } from '../5-emit/ancillary.ts';
import { operations } from '../5-emit/instruction-set.ts';
import { type Instruction, memoryWords } from '../5-emit/opcodes.ts';
import { arith, compare } from '../ir/arith.ts';
import type { Ancillary } from '../ir/types.ts';

/** How a run of classic BPF ended, and how many instructions it took. */
interface ClassicRun {
  readonly returned: number;
  readonly steps: number;
}

/**
 * Interprets classic BPF, as `bpf_filter()` of libpcap does, with the kernel's ancillary data on
 * top. For tests: it knows nothing of the IR, so that the back end can be checked against it.
 */
export function runClassic(
  program: readonly Instruction[],
  packet: Uint8Array,
  wireLength: number = packet.length,
  ancillary: Ancillary = {},
): ClassicRun {
  let a = 0;
  let x = 0;
  const memory = new Uint32Array(memoryWords);
  const load = (at: number, size: number): number | undefined => {
    if (at + size > packet.length) return undefined;
    let value = 0;
    for (let i = at; i < at + size; i++) value = value * 256 + packet[i]!;
    return value;
  };
  for (let at = 0, steps = 1; ; at++, steps++) {
    const { code, jt, jf, k } = program[at]!;
    const operation = operations.get(code)!;
    const rejected = { returned: 0, steps };
    switch (operation.kind) {
      case 'load': {
        const field = operation.indexed ? undefined : fieldAt(k);
        if (!operation.indexed && k === xorOffset) a = (a ^ x) >>> 0;
        else if (field !== undefined) a = (ancillary[field] ?? 0) >>> 0;
        else {
          const loaded = load(operation.indexed ? k + x : k, operation.size);
          if (loaded === undefined) return rejected;
          a = loaded;
        }
        break;
      }
      case 'header-length': {
        const byte = load(k, 1);
        if (byte === undefined) return rejected;
        x = (byte & 0xf) * 4;
        break;
      }
      case 'constant':
        if (operation.register === 'a') a = k;
        else x = k;
        break;
      case 'length':
        if (operation.register === 'a') a = wireLength;
        else x = wireLength;
        break;
      case 'recall':
        if (operation.register === 'a') a = memory[k]!;
        else x = memory[k]!;
        break;
      case 'store':
        memory[k] = operation.register === 'a' ? a : x;
        break;
      case 'copy':
        if (operation.to === 'a') a = x;
        else x = a;
        break;
      case 'arith': {
        const result = arith(operation.op, a, operation.by === 'x' ? x : k);
        if (result === undefined) return rejected;
        a = result;
        break;
      }
      case 'negate':
        a = -a >>> 0;
        break;
      case 'jump':
        at += k;
        break;
      case 'test':
        at += compare(operation.op, a, operation.by === 'x' ? x : k) ? jt : jf;
        break;
      case 'return':
        return { returned: operation.value === 'a' ? a : k, steps };
      default:
        operation satisfies never;
    }
  }
}
