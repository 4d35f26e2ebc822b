/** Bytes in the host's order, which is little-endian on all machines that the tests know. */

export function u32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

export function u64(value: bigint): Uint8Array {
  return new Uint8Array(BigUint64Array.of(value).buffer);
}

export function readU64(bytes: Uint8Array, offset = 0): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(offset, true));
}

/** The records of test-objects/send.bpf.c: number, time, cpu, length, then that many bytes. */
export function decodeSent(data: Uint8Array): {
  number: number;
  time: bigint;
  cpu: number;
  bytes: Uint8Array;
} {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const length = view.getUint32(20, true);
  return {
    number: Number(view.getBigUint64(0, true)),
    time: view.getBigUint64(8, true),
    cpu: view.getUint32(16, true),
    bytes: data.subarray(24, 24 + length),
  };
}
