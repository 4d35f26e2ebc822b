/** Odd numbers of 32 bits, the same at every call: what is made of them is so too. */
export function* multipliers(): Generator<number, never> {
  // Marsaglia's xorshift32, "Xorshift RNGs" (2003).
  let state = 0x9e3779b9;
  for (;;) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    yield (state | 1) >>> 0;
  }
}
