/** From a file's timestamp units to nanoseconds since the epoch. */

export const nanosecondsPerSecond = 1_000_000_000n;

/** pcapng's unit where if_tsresol is absent. */
export const defaultTicksPerSecond = 1_000_000n;

/** if_tsresol: the high bit chooses powers of 2 instead of 10, the rest is the exponent. */
export function ticksPerSecond(tsresol: number): bigint {
  const exponent = BigInt(tsresol & 0x7f);
  return (tsresol & 0x80) === 0 ? 10n ** exponent : 2n ** exponent;
}

/** Rounds down; `timestampOffset` is if_tsoffset, in seconds. */
export function toNanoseconds(
  ticks: bigint,
  unit: { readonly ticksPerSecond: bigint; readonly timestampOffset: bigint },
): bigint {
  const nanoseconds =
    unit.ticksPerSecond === nanosecondsPerSecond
      ? ticks
      : (ticks * nanosecondsPerSecond) / unit.ticksPerSecond;
  return nanoseconds + unit.timestampOffset * nanosecondsPerSecond;
}
