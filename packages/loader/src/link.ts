import { binding, type LinkHandle } from './binding.ts';
import type { Lifetime } from './lifetime.ts';

/** An attached program. It comes off when this is closed, when its object is, or with the process. */
export class BpfLink {
  readonly #handle: LinkHandle;
  readonly #lifetime: Lifetime;
  #closed = false;

  /** @internal */
  constructor(handle: LinkHandle, lifetime: Lifetime) {
    this.#handle = handle;
    this.#lifetime = lifetime;
    lifetime.adopt(this);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Detaches. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#lifetime.release(this);
    binding().linkClose(this.#handle);
  }
}
