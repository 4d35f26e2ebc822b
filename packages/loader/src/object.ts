import { binding, type ObjectHandle } from './binding.ts';
import { attempt, isNativeError } from './errors.ts';
import { kernelFacts } from './kernel.ts';
import { Lifetime } from './lifetime.ts';
import { loadFailure } from './load-error.ts';
import { BpfMap } from './map.ts';
import { BpfProgram } from './program.ts';

// An object stays until it is closed or the process ends: what was attached must not come off
// because a variable went out of scope and the garbage collector came by.
const open = new Set<BpfObject>();

/** A `.bpf.o`: opened, then (perhaps with other globals) loaded, then used through its parts. */
export class BpfObject {
  readonly #handle: ObjectHandle;
  readonly #lifetime = new Lifetime();
  /** The names of its programs, which are those of their C functions. */
  readonly programs: readonly string[];
  /** The names of its maps, those that the compiler made for sections included. */
  readonly maps: readonly string[];

  private constructor(handle: ObjectHandle) {
    this.#handle = handle;
    const names = binding().objectNames(handle);
    this.programs = names.programs;
    this.maps = names.maps;
    open.add(this);
  }

  /**
   * Reads an object file. Nothing reaches the kernel yet.
   * @param bytes the file's content
   * @param options `name`: what libbpf's messages and the kernel's list of maps call it;
   *   `kernelBtf`: a file with the kernel's types, instead of /sys/kernel/btf/vmlinux
   * @throws EnvironmentError if the addon is not there, or libbpf can't make sense of the bytes
   */
  static open(bytes: Uint8Array, options: { name?: string; kernelBtf?: string } = {}): BpfObject {
    if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes must be a Uint8Array');
    const name = options.name ?? 'hookdump';
    const native = binding();
    return new BpfObject(
      attempt(`open the BPF object ${name}`, () =>
        native.objectOpen(bytes, name, options.kernelBtf ?? ''),
      ),
    );
  }

  /**
   * Gives another value to a global `const volatile` variable (in .rodata, found through the
   * object's BTF). Only before load().
   * @param value in the host's byte order, exactly as long as the variable
   * @throws RangeError if there is no such variable or its size differs
   */
  setGlobal(name: string, value: Uint8Array): void {
    this.#lifetime.requireUnloaded(`set ${name}`);
    if (!(value instanceof Uint8Array)) throw new TypeError('value must be a Uint8Array');
    const why = binding().objectSetGlobal(this.#handle, name, value);
    if (why !== undefined) throw new RangeError(`can't set the global ${name}: ${why}`);
  }

  /**
   * Gives a map another number of entries than the object says. Only before load().
   * @param entries for a ring buffer its size in bytes; libbpf rounds that up to what the kernel
   *   takes, a power of two of pages
   * @throws RangeError if there is no such map
   */
  setMapSize(name: string, entries: number): void {
    this.#lifetime.requireUnloaded(`size the map ${name}`);
    if (!Number.isInteger(entries) || entries < 1 || entries > 0x80000000) {
      throw new RangeError(`a map has 1 to 2147483648 entries, not ${entries}`);
    }
    const why = binding().objectSetMapSize(this.#handle, name, entries);
    if (why !== undefined) throw new RangeError(`can't size the map ${name}: ${why}`);
  }

  /**
   * Says which running BPF program one of its fentry or fexit programs is to be attached to, if its
   * section names no function of the kernel. Only before load().
   * @param id the other program's, as bpftool(8) shows it
   * @throws RangeError if there is no such program here, or the other one has no BTF;
   *   EnvironmentError, e.g. with ENOENT if there is no other program of this id
   */
  setTarget(name: string, id: number): void {
    const what = `attach ${name} to program ${id}`;
    this.#lifetime.requireUnloaded(what);
    if (!Number.isInteger(id) || id < 1 || id > 0xffffffff) {
      throw new RangeError(`a program's id is a positive integer, not ${id}`);
    }
    const why = attempt(what, () => binding().objectSetTarget(this.#handle, name, id));
    if (why !== undefined) throw new RangeError(`can't ${what}: ${why}`);
  }

  /**
   * Creates its maps and loads its programs into the kernel.
   * @throws LoadError if a program is refused; EnvironmentError for any other reason
   */
  load(): void {
    this.#lifetime.requireUnloaded('load');
    try {
      binding().objectLoad(this.#handle);
    } catch (error) {
      throw isNativeError(error) ? loadFailure(error.log, error.errno, kernelFacts()) : error;
    }
    this.#lifetime.markLoaded();
  }

  /** @throws RangeError if there is no such program */
  program(name: string): BpfProgram {
    this.#lifetime.requireOpen(`find the program ${name}`);
    const handle = binding().objectProgram(this.#handle, name);
    if (handle === undefined) {
      throw new RangeError(`no program ${name} in the object; it has: ${this.programs.join(', ')}`);
    }
    return new BpfProgram(name, handle, this.#lifetime);
  }

  /** @throws RangeError if there is no such map */
  map(name: string): BpfMap {
    this.#lifetime.requireOpen(`find the map ${name}`);
    const handle = binding().objectMap(this.#handle, name);
    if (handle === undefined) {
      throw new RangeError(`no map ${name} in the object; it has: ${this.maps.join(', ')}`);
    }
    return new BpfMap(name, handle, this.#lifetime);
  }

  /** Closes the drains and links made from it, then unloads it. Idempotent. */
  close(): void {
    if (this.#lifetime.closed) return;
    this.#lifetime.close();
    binding().objectClose(this.#handle);
    open.delete(this);
  }
}
