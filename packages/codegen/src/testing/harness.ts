import { existsSync, readFileSync } from 'node:fs';
import { findClang } from '../object/clang.ts';

/** Why tests that build objects cannot run here; `undefined` if they can. */
export function noClang(): string | undefined {
  try {
    findClang();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Why tests that load objects cannot run here; `undefined` if they can. */
export function noKernel(): string | undefined {
  const clang = noClang();
  if (clang !== undefined) return clang;
  const capabilities = /^CapEff:\s*([0-9a-f]+)/m.exec(
    readFileSync('/proc/self/status', 'utf8'),
  )?.[1];
  // CAP_BPF is bit 39 (include/uapi/linux/capability.h).
  const bpf = (BigInt(`0x${capabilities ?? '0'}`) >> 39n) & 1n;
  if (bpf === 0n) return 'no CAP_BPF';
  if (!existsSync('/sys/kernel/btf/vmlinux')) return 'the kernel has no BTF';
  return undefined;
}

/** Prints why tests are skipped, so that none is missing unseen; gives whether they are. */
export function skips(what: string, reason: string | undefined): boolean {
  if (reason !== undefined) console.warn(`skipped: ${what}: ${reason}`);
  return reason !== undefined;
}
