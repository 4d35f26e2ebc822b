/* What the running kernel is: filled in by the loader, constant for the verifier. */
#pragma once
#include "types.h"

/* KERNEL_VERSION() of the running kernel; libbpf and bpftool know it without the kernel's .config. */
extern const int LINUX_KERNEL_VERSION __attribute__((section(".kconfig")));

static __always_inline bool kernel_is_at_least(int major, int minor)
{
	return LINUX_KERNEL_VERSION >= (major << 16) + (minor << 8);
}
