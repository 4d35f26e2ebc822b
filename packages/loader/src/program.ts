import {
  binding,
  type LinkHandle,
  type ProgramHandle,
  type ProgramInfo,
  type TestRunResult,
} from './binding.ts';
import { attempt, environmentError, errnoName, isNativeError, type NativeError } from './errors.ts';
import type { Lifetime } from './lifetime.ts';
import { BpfLink } from './link.ts';
import { netnsHint } from './netns.ts';

/** A program of a loaded object. */
export class BpfProgram {
  readonly name: string;
  readonly #handle: ProgramHandle;
  readonly #lifetime: Lifetime;

  /** @internal */
  constructor(name: string, handle: ProgramHandle, lifetime: Lifetime) {
    this.name = name;
    this.#handle = handle;
    this.#lifetime = lifetime;
  }

  /**
   * Attaches it where its section says (tp_btf, raw_tp, fentry, …).
   * @throws EnvironmentError
   */
  attach(): BpfLink {
    const what = `attach ${this.name}`;
    this.#lifetime.requireLoaded(what);
    const handle = attempt(what, () => binding().linkAttach(this.#handle));
    return new BpfLink(handle, this.#lifetime);
  }

  /**
   * Attaches an XDP program to a device, natively where its driver can.
   * @param ifindex the device, counted in `netns`
   * @param options `netns`: path of the network namespace, such as /run/netns/x; ours if not given
   * @throws EnvironmentError, e.g. with EBUSY where another XDP program is attached
   */
  attachXdp(ifindex: number, options: { netns?: string } = {}): BpfLink {
    const netns = options.netns ?? '';
    const where = netns === '' ? `device ${ifindex}` : `device ${ifindex} of ${netns}`;
    const what = `attach ${this.name} to ${where}`;
    this.#lifetime.requireLoaded(what);
    if (!Number.isInteger(ifindex) || ifindex < 1 || ifindex > 0x7fffffff) {
      throw new RangeError(`an interface index is a positive integer, not ${ifindex}`);
    }
    const attach = (): LinkHandle => binding().linkAttachXdp(this.#handle, ifindex, netns);
    const handle = attempt(what, attach, xdpHint);
    return new BpfLink(handle, this.#lifetime);
  }

  /**
   * BPF_PROG_TEST_RUN: runs an XDP or tc program on `data`, of at least 14 bytes. Blocks.
   * @param options `repeat`: how often, 1 if not given
   * @throws EnvironmentError
   */
  testRun(data: Uint8Array, options: { repeat?: number } = {}): TestRunResult {
    const repeat = this.#checkTestRun(data, options.repeat);
    return attempt(`run ${this.name}`, () => binding().programTestRun(this.#handle, data, repeat));
  }

  /** testRun() on another thread, which leaves this one free to take what the program sends. */
  async testRunAsync(data: Uint8Array, options: { repeat?: number } = {}): Promise<TestRunResult> {
    const repeat = this.#checkTestRun(data, options.repeat);
    try {
      return await binding().programTestRunAsync(this.#handle, data, repeat);
    } catch (error) {
      throw isNativeError(error) ? environmentError(`run ${this.name}`, error) : error;
    }
  }

  /** @throws EnvironmentError */
  info(): ProgramInfo {
    const what = `ask the kernel about ${this.name}`;
    this.#lifetime.requireLoaded(what);
    return attempt(what, () => binding().programInfo(this.#handle));
  }

  #checkTestRun(data: Uint8Array, repeat = 1): number {
    this.#lifetime.requireLoaded(`run ${this.name}`);
    if (!(data instanceof Uint8Array)) throw new TypeError('data must be a Uint8Array');
    if (!Number.isInteger(repeat) || repeat < 1 || repeat > 0x7fffffff) {
      throw new RangeError(`repeat must be an integer of at least 1, not ${repeat}`);
    }
    return repeat;
  }
}

/** What the kernel's answers to BPF_LINK_CREATE mean for XDP (bpf_xdp_link_attach in net/core/dev.c). */
function xdpHint(error: NativeError): string | undefined {
  switch (errnoName(error.errno)) {
    case 'EINVAL':
      return 'is there a device of this index? ip link shows them';
    case 'EBUSY':
    case 'EEXIST':
      return 'another XDP program is attached to it: ip link shows it';
    default:
      return netnsHint(error);
  }
}
