// An XDP program on one frame. The kernel makes 64-bit loads of pointers out of the 32-bit loads of
// struct xdp_md; here the frame lies low enough that 32 bits hold its address.
import { interpret } from './interpret.mjs';

const CONTEXT = 0x1000n;
const FRAME = 0x10_0000n;

/** @returns what interpret() gives */
export function runXdp(program, frame) {
  const context = new Uint32Array([
    Number(FRAME),
    Number(FRAME) + frame.length,
    Number(FRAME),
    1,
    0,
    0,
  ]);
  return interpret(
    program,
    [
      { base: CONTEXT, bytes: new Uint8Array(context.buffer) },
      { base: FRAME, bytes: frame.slice() },
    ],
    CONTEXT,
  );
}
