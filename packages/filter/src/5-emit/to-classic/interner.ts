/**
 * A growing table of rows of four 32-bit integers in which equal rows are one: numbers them from 0
 * in the order in which they come. Rows are looked up by hashing their numbers, without making
 * text of them.
 */
export class Interner {
  /** Row i is at 4 * i. */
  rows: Int32Array;
  count = 0;
  #slots: Int32Array;

  /** @param expected about how many rows there will be */
  constructor(expected: number) {
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(16, expected)));
    this.rows = new Int32Array(4 * capacity);
    this.#slots = new Int32Array(2 * capacity).fill(-1);
  }

  /** The row's number; `count` grows by one if it is new. */
  intern(a: number, b: number, c: number, d: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash(a, b, c, d) & mask; ; slot = (slot + 1) & mask) {
      const row = this.#slots[slot]!;
      if (row === -1) {
        this.#slots[slot] = this.count;
        return this.#append(a, b, c, d);
      }
      const { rows } = this;
      const at = 4 * row;
      if (rows[at] === a && rows[at + 1] === b && rows[at + 2] === c && rows[at + 3] === d) {
        return row;
      }
    }
  }

  #append(a: number, b: number, c: number, d: number): number {
    const row = this.count++;
    const at = 4 * row;
    this.rows[at] = a;
    this.rows[at + 1] = b;
    this.rows[at + 2] = c;
    this.rows[at + 3] = d;
    if (4 * this.count === this.rows.length) this.#grow();
    return row;
  }

  #grow(): void {
    const rows = new Int32Array(2 * this.rows.length);
    rows.set(this.rows);
    this.rows = rows;
    this.#slots = new Int32Array(2 * this.#slots.length).fill(-1);
    const mask = this.#slots.length - 1;
    for (let row = 0; row < this.count; row++) {
      const at = 4 * row;
      let slot = hash(rows[at]!, rows[at + 1]!, rows[at + 2]!, rows[at + 3]!) & mask;
      while (this.#slots[slot] !== -1) slot = (slot + 1) & mask;
      this.#slots[slot] = row;
    }
  }
}

function hash(a: number, b: number, c: number, d: number): number {
  let mixed = Math.imul(a, 0x9e3779b1) ^ b;
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) ^ c;
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) ^ d;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x27d4eb2f);
  return mixed ^ (mixed >>> 15);
}
