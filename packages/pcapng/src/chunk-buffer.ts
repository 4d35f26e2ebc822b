/**
 * The one reusable buffer under both writers: blocks are put together in it and handed on in
 * chunks. A chunk always holds whole blocks, so that a live reader never waits for half a packet
 * and a sink can change files between chunks.
 */

/**
 * Takes a chunk of the file. The chunk is valid during the call only: its memory is used again.
 * What it throws reaches the caller of the writer's method.
 */
export type WriteChunk = (chunk: Uint8Array) => void;

const defaultCapacity = 256 * 1024;

/**
 * A block is written in three steps: `reserve` room for it, put its bytes at `at` (moving `at`),
 * `commit`. A throw before `commit` leaves no trace of the block.
 */
export class ChunkBuffer {
  bytes: Uint8Array;
  view: DataView;
  /** Where the next byte goes. */
  at = 0;

  readonly #write: WriteChunk;
  #used = 0;
  #handedOn = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(write: WriteChunk, capacity = defaultCapacity) {
    this.#write = write;
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Bytes committed so far, handed on or not. */
  get size(): number {
    return this.#handedOn + this.#used;
  }

  /** Makes room for `length` bytes in one piece. Replaces `bytes` and `view` if it must grow. */
  reserve(length: number): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#used + length > this.bytes.length) {
      this.flush();
      if (length > this.bytes.length) {
        this.bytes = new Uint8Array(length);
        this.view = new DataView(this.bytes.buffer);
      }
    }
    this.at = this.#used;
  }

  commit(): void {
    this.#used = this.at;
  }

  /**
   * Hands on what is committed. After a failed write it is unknown how much of the chunk arrived,
   * so nothing can be appended to the file any more: every later call throws the same error.
   */
  flush(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#used === 0) return;
    try {
      this.#write(this.bytes.subarray(0, this.#used));
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
    this.#handedOn += this.#used;
    this.#used = 0;
  }
}
