/** Anything that is closed with its owner. Closing twice is harmless. */
export interface Closable {
  close(): void;
}

/**
 * Whether a BpfObject is still open and loaded, shared by everything that was made from it: the
 * handles of its programs and maps are dead pointers once it is closed.
 */
export class Lifetime {
  #state: 'open' | 'loaded' | 'closed' = 'open';
  readonly #children = new Set<Closable>();

  get closed(): boolean {
    return this.#state === 'closed';
  }

  markLoaded(): void {
    this.#state = 'loaded';
  }

  /** @throws Error if the object is closed */
  requireOpen(what: string): void {
    if (this.#state === 'closed') throw new Error(`can't ${what}: the object is closed`);
  }

  /** @throws Error if the object is loaded already, or closed */
  requireUnloaded(what: string): void {
    this.requireOpen(what);
    if (this.#state === 'loaded') throw new Error(`can't ${what}: the object is already loaded`);
  }

  /** @throws Error if the object is not loaded yet, or closed */
  requireLoaded(what: string): void {
    this.requireOpen(what);
    if (this.#state === 'open') throw new Error(`can't ${what}: the object is not loaded yet`);
  }

  adopt(child: Closable): void {
    this.#children.add(child);
  }

  release(child: Closable): void {
    this.#children.delete(child);
  }

  /** Closes the children, the youngest first, and makes every later use an error. */
  close(): void {
    for (const child of [...this.#children].reverse()) child.close();
    this.#state = 'closed';
  }
}
