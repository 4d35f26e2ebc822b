// Memory of an interpreted program: pieces of a flat address space, little-endian.

export class Memory {
  #regions;

  /** @param regions `{ base, bytes }`, not overlapping */
  constructor(regions) {
    this.#regions = [...regions];
  }

  push(region) {
    this.#regions.push(region);
  }

  pop() {
    this.#regions.pop();
  }

  /** @returns `size` bytes of memory, not a copy; throws where not all of them are there */
  at(address, size) {
    const bytes = this.find(address, size);
    if (bytes !== undefined) return bytes;
    throw new Error(`${size} bytes at 0x${address.toString(16)} are not the program's`);
  }

  find(address, size) {
    for (const { base, bytes } of this.#regions) {
      const offset = address - base;
      if (offset < 0n || offset + BigInt(size) > BigInt(bytes.length)) continue;
      return bytes.subarray(Number(offset), Number(offset) + size);
    }
    return undefined;
  }

  read(address, size) {
    return this.at(address, size).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
  }

  write(address, size, value) {
    const bytes = this.at(address, size);
    for (let i = 0; i < size; i++) bytes[i] = Number((value >> BigInt(8 * i)) & 255n);
  }
}
