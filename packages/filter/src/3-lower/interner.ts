/** Numbers per key. */
const width = 5;

/**
 * Gives equal keys of five integers (of 32 bits each) one number, counting from 0 in the order in
 * which keys come: a hash table with open addressing, since a filter of 10,000 hosts asks it a few
 * hundred thousand times and strings as keys would take most of the compiler's time.
 */
export class Interner {
  /** How many different keys there have been: the number that the next new one gets. */
  size = 0;
  #keys = new Int32Array(64 * width);
  /** Number + 1 by hash; 0 is empty. Always at least twice as long as `#keys` has keys. */
  #slots = new Int32Array(128);

  intern(a: number, b: number, c: number, d: number, e: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(a, b, c, d, e) & mask;
    for (;;) {
      const entry = this.#slots[slot]!;
      if (entry === 0) break;
      if (this.#equals(entry - 1, a | 0, b | 0, c | 0, d | 0, e | 0)) return entry - 1;
      slot = (slot + 1) & mask;
    }
    const number = this.size++;
    this.#slots[slot] = number + 1;
    const at = number * width;
    this.#keys[at] = a;
    this.#keys[at + 1] = b;
    this.#keys[at + 2] = c;
    this.#keys[at + 3] = d;
    this.#keys[at + 4] = e;
    if (at + width === this.#keys.length) this.#grow();
    return number;
  }

  /** One of the five integers of a key, by its place: as a signed one. */
  part(number: number, place: number): number {
    return this.#keys[number * width + place]!;
  }

  #equals(number: number, a: number, b: number, c: number, d: number, e: number): boolean {
    const keys = this.#keys;
    const at = number * width;
    return (
      keys[at] === a &&
      keys[at + 1] === b &&
      keys[at + 2] === c &&
      keys[at + 3] === d &&
      keys[at + 4] === e
    );
  }

  #grow(): void {
    const keys = new Int32Array(this.#keys.length * 2);
    keys.set(this.#keys);
    this.#keys = keys;
    this.#slots = new Int32Array(this.#slots.length * 2);
    const mask = this.#slots.length - 1;
    for (let number = 0; number < this.size; number++) {
      const at = number * width;
      let slot = hash(keys[at]!, keys[at + 1]!, keys[at + 2]!, keys[at + 3]!, keys[at + 4]!) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = number + 1;
    }
  }
}

/** Mixes so that the low bits depend on all five (the steps of MurmurHash3, shortened). */
function hash(a: number, b: number, c: number, d: number, e: number): number {
  let h = Math.imul(a, 0x9e3779b1);
  h = Math.imul((h ^ (h >>> 15)) + b, 0x85ebca6b);
  h = Math.imul((h ^ (h >>> 13)) + c, 0xc2b2ae35);
  h = Math.imul((h ^ (h >>> 16)) + d, 0x27d4eb2f);
  h = Math.imul((h ^ (h >>> 15)) + e, 0x165667b1);
  return h ^ (h >>> 16);
}
