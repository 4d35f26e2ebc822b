import type { KernelFacts } from './kernel.ts';

/*
 * What the kernel has too little of for a program that is right but large. The numbers are those of
 * kernel/bpf/verifier.c and include/linux/bpf.h since Linux 5.2; none can be configured.
 */

/** What a refusal says, and the limit that it is about. */
const LIMITS: readonly { readonly says: RegExp; readonly limit: string }[] = [
  {
    // BPF_COMPLEXITY_LIMIT_INSNS
    says: /BPF program is too large\. Processed \d+ insn/,
    limit: 'its verifier walks through 1000000 instructions at most',
  },
  {
    // BPF_COMPLEXITY_LIMIT_JMP_SEQ
    says: /The sequence of \d+ jumps is too complex/,
    limit: 'its verifier follows 8192 jumps one after the other at most',
  },
  {
    // MAX_BPF_STACK
    says: /combined stack size of \d+ calls is \d+\. Too large/,
    limit: 'a program has 512 bytes of stack, with all that it calls',
  },
  {
    // MAX_CALL_FRAMES
    says: /the call stack of \d+ frames is too deep/,
    limit: 'a program has 8 functions in a chain of calls at most',
  },
  {
    // BPF_MAX_SUBPROGS
    says: /too many subprograms/,
    limit: 'a program has 256 functions at most',
  },
];

/** BPF_MAXINSNS, of a program that may do little; with the capabilities it is BPF_COMPLEXITY_LIMIT_INSNS. */
const MOST_UNPRIVILEGED = 4096;
const MOST = 1_000_000;

// linux/errno.h
const E2BIG = 7;
const ENOSPC = 28;

const WHAT_TO_DO =
  'make the filter shorter (lists as in `host A or B or C`, `net` and `portrange` for many of them), ' +
  'or capture with several';

/** Which limit of the kernel a refused program went beyond, and what to do; `undefined`: none. */
export function limitHint(
  { telling, verified }: { readonly telling: readonly string[]; readonly verified: boolean },
  errno: number,
  { release, capabilities }: KernelFacts,
): string | undefined {
  const limit =
    LIMITS.find(({ says }) => telling.some((line) => says.test(line)))?.limit ??
    unsaidLimit(verified, telling, errno, capabilities.bpf || capabilities.sysAdmin);
  return limit === undefined ? undefined : `Linux ${release}: ${limit}; ${WHAT_TO_DO}`;
}

/** The kernel gives no reason where it counts before it verifies, or where its log is full. */
function unsaidLimit(
  verified: boolean,
  telling: readonly string[],
  errno: number,
  isPrivileged: boolean,
): string | undefined {
  if (errno === E2BIG && !verified) {
    return isPrivileged
      ? `a program has ${MOST} instructions at most`
      : `a program has ${MOST_UNPRIVILEGED} instructions at most, ${MOST} with CAP_BPF`;
  }
  if (errno === ENOSPC && verified && telling.length === 0) {
    return 'its verifier wrote more than a log holds before it came to an end';
  }
  return undefined;
}
