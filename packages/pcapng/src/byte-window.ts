/**
 * The bytes of a file that have arrived and are not decoded yet.
 *
 * Bytes in front of `at` are never overwritten: what the decoders hand out are views of this
 * memory, and stay right after later chunks.
 */
export class ByteWindow {
  bytes: Uint8Array;
  view: DataView;
  /** Index of the first byte not decoded. Decoders move it. */
  at = 0;
  #end: number;
  /** Position in the file of bytes[0]. */
  #base = 0;

  /** A window over a whole file, without a copy. */
  constructor(bytes: Uint8Array = new Uint8Array(0)) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    // A Buffer's views would be Buffers, whose slice() is no copy.
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.length;
  }

  get available(): number {
    return this.#end - this.at;
  }

  /** Position in the file of `at`. */
  get offset(): number {
    return this.#base + this.at;
  }

  /** Copies `chunk` to the end. */
  append(chunk: Uint8Array): void {
    if (this.#end + chunk.length > this.bytes.length) this.#grow(chunk.length);
    this.bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** Twice the rest, so that a block that comes byte by byte is copied a few times, not n. */
  #grow(length: number): void {
    const rest = this.bytes.subarray(this.at, this.#end);
    const grown = new Uint8Array(Math.max(2 * rest.length, rest.length + length));
    grown.set(rest);
    this.#base += this.at;
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
    this.at = 0;
    this.#end = rest.length;
  }
}
