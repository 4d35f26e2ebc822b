/*
 * Arguments of a function as a probe at its entry finds them, in registers. That is the one thing
 * here that depends on the processor: clang is told -D__TARGET_ARCH_x86 or -D__TARGET_ARCH_arm64.
 */
#pragma once
#include "types.h"

#if defined(__TARGET_ARCH_x86)
/* arch/x86/include/uapi/asm/ptrace.h, struct pt_regs of x86_64 */
struct pt_regs {
	__u64 r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di;
};

static __always_inline __u64 argument(const struct pt_regs *registers, __u32 number)
{
	switch (number) {
	case 0:
		return registers->di;
	case 1:
		return registers->si;
	case 2:
		return registers->dx;
	case 3:
		return registers->cx;
	case 4:
		return registers->r8;
	default:
		return registers->r9;
	}
}
#elif defined(__TARGET_ARCH_arm64)
/* arch/arm64/include/uapi/asm/ptrace.h, struct user_pt_regs, with which the kernel's begins */
struct pt_regs {
	__u64 regs[31];
};

static __always_inline __u64 argument(const struct pt_regs *registers, __u32 number)
{
	return registers->regs[number];
}
#else
#error "kprobe and uprobe read registers: say for which processor, -D__TARGET_ARCH_x86 or _arm64"
#endif
