import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { EnvironmentError } from './errors.ts';
import { missingForBuild } from './requirements.ts';

/*
 * The one seam between TypeScript and C++: types what native/addon.cc exports, and finds it.
 * Handles are opaque; whoever holds one sees to it that its owner is still open.
 */

declare const kind: unique symbol;
export type ObjectHandle = { readonly [kind]: 'object' };
export type ProgramHandle = { readonly [kind]: 'program' };
export type MapHandle = { readonly [kind]: 'map' };
export type LinkHandle = { readonly [kind]: 'link' };
export type DrainHandle = { readonly [kind]: 'drain' };

/** What BPF_PROG_TEST_RUN gives back. */
export interface TestRunResult {
  /** The program's return value, as an unsigned 32-bit number. */
  readonly retval: number;
  /** The packet after the program ran. */
  readonly data: Uint8Array;
  /** Average time of one run, in ns, as the kernel measured it. */
  readonly durationNs: number;
}

/** Fields of the kernel's `struct bpf_prog_info` (linux/bpf.h); 0 where the kernel has no such field. */
export interface ProgramInfo {
  readonly id: number;
  /** `enum bpf_prog_type` */
  readonly type: number;
  /** 0 unless kernel.bpf_stats_enabled is set, as for runTimeNs. */
  readonly runCount: number;
  readonly runTimeNs: number;
  /** Times that the program was not run because it was running on that CPU already. */
  readonly recursionMisses: number;
  /** Instructions that the verifier walked through. */
  readonly verifiedInstructions: number;
  /** Bytes of machine code, and of the BPF code that it was made from. */
  readonly jitedLength: number;
  readonly xlatedLength: number;
}

/** A network interface, as rtnetlink(7) tells of it. */
export interface Interface {
  readonly index: number;
  readonly name: string;
  /** ARPHRD_* of linux/if_arp.h: 1 is Ethernet, 772 loopback, 65534 none. */
  readonly type: number;
  /** IFF_* of netdevice(7): bit 0 is up. */
  readonly flags: number;
  readonly mtu: number;
}

/** See the headers in native/ for what each does. */
export interface Binding {
  objectOpen(bytes: Uint8Array, name: string, kernelBtf: string): ObjectHandle;
  objectNames(object: ObjectHandle): { programs: string[]; maps: string[] };
  objectSetGlobal(object: ObjectHandle, name: string, value: Uint8Array): string | undefined;
  objectSetMapSize(object: ObjectHandle, map: string, entries: number): string | undefined;
  objectSetTarget(object: ObjectHandle, program: string, id: number): string | undefined;
  objectLoad(object: ObjectHandle): void;
  objectProgram(object: ObjectHandle, name: string): ProgramHandle | undefined;
  objectMap(object: ObjectHandle, name: string): MapHandle | undefined;
  objectClose(object: ObjectHandle): void;
  programTestRun(program: ProgramHandle, data: Uint8Array, repeat: number): TestRunResult;
  programTestRunAsync(
    program: ProgramHandle,
    data: Uint8Array,
    repeat: number,
  ): Promise<TestRunResult>;
  programInfo(program: ProgramHandle): ProgramInfo;
  linkAttach(program: ProgramHandle): LinkHandle;
  linkAttachXdp(program: ProgramHandle, ifindex: number, netns: string): LinkHandle;
  linkClose(link: LinkHandle): void;
  mapFacts(map: MapHandle): {
    type: string;
    keySize: number;
    valueSize: number;
    maxEntries: number;
  };
  mapLookup(map: MapHandle, key: Uint8Array, valueBytes: number): Uint8Array | undefined;
  mapUpdate(map: MapHandle, key: Uint8Array, value: Uint8Array): void;
  possibleCpus(): number;
  drainOpen(
    map: MapHandle,
    bufferBytes: number,
    batchBytes: number,
    wakeupBytes: number,
    flushMs: number,
    onBatch: (
      data: ArrayBuffer,
      records: number,
      roundStart: bigint,
      roundEnd: boolean,
      flushed: number,
    ) => void,
  ): DrainHandle;
  drainPause(drain: DrainHandle, paused: boolean): void;
  drainFlush(drain: DrainHandle): number;
  drainStats(drain: DrainHandle): {
    records: number;
    batches: number;
    bytes: number;
    lost: bigint;
  };
  drainClose(drain: DrainHandle): void;
  listInterfaces(netns: string): Interface[];
  hungUp(fd: number): boolean;
  clockOffset(): bigint;
  libbpfVersion(): string;
}

// The same from src/ and from dist/.
const ADDON = '../build/Release/hookdump_loader.node';

let loaded: Binding | undefined;

/**
 * The addon, loaded at the first call.
 * @throws EnvironmentError where it was not built or can't be loaded, saying what to do
 */
export function binding(): Binding {
  if (loaded !== undefined) return loaded;
  try {
    loaded = createRequire(import.meta.url)(ADDON) as Binding;
    return loaded;
  } catch (error) {
    throw addonError(error as NodeJS.ErrnoException);
  }
}

/** Why the addon could not be loaded, in words for who sits at this machine. */
function addonError(cause: NodeJS.ErrnoException): EnvironmentError {
  const lead = "hookdump's addon (libbpf for Node)";
  if (cause.code === 'MODULE_NOT_FOUND') {
    const missing = missingForBuild();
    const script = fileURLToPath(new URL('../build-addon.mjs', import.meta.url));
    const build = `build it: node ${script}`;
    const message = `${lead} was not built here; ${missing ?? build}`;
    return new EnvironmentError(message, { cause, ...(missing ? { hint: `then ${build}` } : {}) });
  }
  const first = cause.message.split('\n')[0];
  // dlopen(3) names the library that it missed.
  const hint = /libbpf\.so/.test(cause.message)
    ? { hint: 'run: apt-get install --no-install-recommends libbpf1' }
    : {};
  return new EnvironmentError(`${lead} can't be loaded: ${first}`, { cause, ...hint });
}
