/** Argument checks of the writers. A failure is the caller's bug, hence RangeError. */

/** What is checked: text, or an option's code (a text made for every packet would be garbage). */
type Subject = string | number;

const maxUint64 = (1n << 64n) - 1n;

export function requireUint(subject: Subject, value: number, bits: 16 | 32): void {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** bits) {
    throw new RangeError(`${named(subject)} ${value} is not an unsigned ${bits}-bit number`);
  }
}

export function requireUint64(subject: Subject, value: bigint): void {
  if (value < 0n || value > maxUint64) {
    throw new RangeError(`${named(subject)} ${value} is not an unsigned 64-bit number`);
  }
}

export function requirePacketLengths(captured: number, original: number, snapLen: number): void {
  requireUint('original packet length', original, 32);
  if (captured > original) {
    throw new RangeError(
      `captured length ${captured} is more than the packet's original length ${original}`,
    );
  }
  if (snapLen !== 0 && captured > snapLen) {
    throw new RangeError(
      `captured length ${captured} is more than the interface's snapshot length ${snapLen}`,
    );
  }
}

function named(subject: Subject): string {
  return typeof subject === 'number' ? `option ${subject}` : subject;
}
