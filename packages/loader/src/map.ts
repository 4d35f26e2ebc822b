import { binding, type MapHandle } from './binding.ts';
import { attempt } from './errors.ts';
import type { Lifetime } from './lifetime.ts';

/** A map of a loaded object. Keys and values are bytes in the host's order. */
export class BpfMap {
  readonly name: string;
  readonly #handle: MapHandle;
  readonly #lifetime: Lifetime;

  /** @internal */
  constructor(name: string, handle: MapHandle, lifetime: Lifetime) {
    this.name = name;
    this.#handle = handle;
    this.#lifetime = lifetime;
  }

  /** In libbpf's words: "hash", "percpu_array", "ringbuf", "perf_event_array", … */
  get type(): string {
    return this.#facts().type;
  }
  /** Bytes. */
  get keySize(): number {
    return this.#facts().keySize;
  }
  /** Bytes; of one CPU's value in a per-CPU map. */
  get valueSize(): number {
    return this.#facts().valueSize;
  }
  /** Elements; for a ring buffer its size in bytes. */
  get maxEntries(): number {
    return this.#facts().maxEntries;
  }

  /**
   * The value of a key, or undefined where there is none.
   * @throws EnvironmentError if the kernel refuses; RangeError for a key of the wrong size
   */
  lookup(key: Uint8Array): Uint8Array | undefined {
    if (this.#isPerCpu()) throw new TypeError(`${this.name} is a per-CPU map: use lookupPerCpu`);
    return this.#read(key, this.valueSize);
  }

  /** The values of a key in a per-CPU map, one for each possible CPU; none where there is no key. */
  lookupPerCpu(key: Uint8Array): Uint8Array[] {
    if (!this.#isPerCpu()) throw new TypeError(`${this.name} is no per-CPU map: use lookup`);
    const cpus = binding().possibleCpus();
    // The kernel gives each CPU's value its own multiple of 8 bytes (bpf(2), per-CPU maps).
    const stride = Math.ceil(this.valueSize / 8) * 8;
    const all = this.#read(key, stride * cpus);
    if (all === undefined) return [];
    return Array.from({ length: cpus }, (_, cpu) =>
      all.subarray(cpu * stride, cpu * stride + this.valueSize),
    );
  }

  /** Sets the value of a key, whether it exists or not. Not for per-CPU maps. */
  update(key: Uint8Array, value: Uint8Array): void {
    const what = `write the map ${this.name}`;
    this.#lifetime.requireLoaded(what);
    if (this.#isPerCpu()) throw new TypeError(`can't ${what}: it is a per-CPU map`);
    this.#checkSize('key', key, this.keySize);
    this.#checkSize('value', value, this.valueSize);
    attempt(what, () => binding().mapUpdate(this.#handle, key, value));
  }

  /** @internal The handle and owner, for drain(). */
  forDrain(): { handle: MapHandle; lifetime: Lifetime } {
    this.#lifetime.requireLoaded(`drain the map ${this.name}`);
    return { handle: this.#handle, lifetime: this.#lifetime };
  }

  #facts(): ReturnType<ReturnType<typeof binding>['mapFacts']> {
    this.#lifetime.requireOpen(`ask about the map ${this.name}`);
    return binding().mapFacts(this.#handle);
  }

  #isPerCpu(): boolean {
    return this.type.includes('percpu');
  }

  #read(key: Uint8Array, valueBytes: number): Uint8Array | undefined {
    const what = `read the map ${this.name}`;
    this.#lifetime.requireLoaded(what);
    this.#checkSize('key', key, this.keySize);
    return attempt(what, () => binding().mapLookup(this.#handle, key, valueBytes));
  }

  #checkSize(part: string, bytes: Uint8Array, size: number): void {
    if (!(bytes instanceof Uint8Array)) throw new TypeError(`the ${part} must be a Uint8Array`);
    if (bytes.length === size) return;
    const message = `the ${part}s of map ${this.name} have ${size} bytes, not ${bytes.length}`;
    throw new RangeError(message);
  }
}
