/** What can be put in order: a time, in nanoseconds of one clock. */
export interface Timed {
  readonly order: number;
}

/**
 * The time that a program in the kernel may take from reading the clock to sending its record: a
 * record may come this much later than others with its time.
 */
const slack = 1_000_000;

/**
 * Puts the records of several CPUs in the order of their time. Each CPU has its own buffer, and
 * buffers are read one after the other: what was read last is not what happened last. When a round
 * over all buffers is complete, whatever is older than its beginning can have no older company.
 */
export class TimeOrder<T extends Timed> {
  readonly #deliver: (record: T) => void;
  #waiting: T[] = [];

  constructor(deliver: (record: T) => void) {
    this.#deliver = deliver;
  }

  add(record: T): void {
    this.#waiting.push(record);
  }

  /** @param start when the round began, in the records' clock */
  roundEnds(start: number): void {
    this.#release(start - slack);
  }

  /** No record will come any more. */
  finish(): void {
    this.#release(Number.POSITIVE_INFINITY);
  }

  #release(before: number): void {
    // Nearly in order already, which the engine's merge sort takes advantage of.
    const sorted = this.#waiting.sort((a, b) => a.order - b.order);
    let count = sorted.findIndex(({ order }) => order >= before);
    if (count < 0) count = sorted.length;
    this.#waiting = sorted.splice(count);
    for (const record of sorted) this.#deliver(record);
  }
}
