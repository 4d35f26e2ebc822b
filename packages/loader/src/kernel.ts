import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { binding } from './binding.ts';

/** What this machine's kernel has and lets us do. Read without the addon. */
export interface KernelFacts {
  /** As `uname -r` */
  readonly release: string;
  /** The kernel tells its types at /sys/kernel/btf/vmlinux. */
  readonly btf: boolean;
  readonly capabilities: Capabilities;
}

/** Effective capabilities of this process, capabilities(7). */
export interface Capabilities {
  readonly bpf: boolean;
  readonly perfmon: boolean;
  readonly netAdmin: boolean;
  readonly sysAdmin: boolean;
}

// Bit numbers of linux/capability.h
const BITS = { bpf: 39n, perfmon: 38n, netAdmin: 12n, sysAdmin: 21n };

/** From the text of /proc/self/status (proc_pid_status(5)); all false where it doesn't tell. */
export function parseCapabilities(status: string): Capabilities {
  const mask = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  const has = (bit: bigint): boolean => ((mask >> bit) & 1n) === 1n;
  return {
    bpf: has(BITS.bpf),
    perfmon: has(BITS.perfmon),
    netAdmin: has(BITS.netAdmin),
    sysAdmin: has(BITS.sysAdmin),
  };
}

export function kernelFacts(): KernelFacts {
  return {
    release: release(),
    btf: existsSync('/sys/kernel/btf/vmlinux'),
    capabilities: parseCapabilities(readFileSync('/proc/self/status', 'utf8')),
  };
}

/**
 * CLOCK_REALTIME - CLOCK_MONOTONIC in ns, now: what to add to bpf_ktime_get_ns() to get the time
 * of day. Accurate to well under 1 µs; changes whenever the time of day is set.
 */
export function clockOffset(): bigint {
  return binding().clockOffset();
}

/** Such as "v1.1". */
export function libbpfVersion(): string {
  return binding().libbpfVersion();
}
