/*
 * The reads of handwritten/reads.h in memory of the kernel that a program may not point into: a call
 * of a helper for each, as others have it at tracing hooks.
 */
#include "include/helpers.h"

#define probed(type, at)                                                                           \
	({                                                                                         \
		type value = 0;                                                                    \
		bpf_probe_read_kernel(&value, sizeof(value), at);                                  \
		value;                                                                             \
	})

static __always_inline __u8 read8(const __u8 *at)
{
	return probed(__u8, at);
}

static __always_inline __u16 read16(const __u8 *at)
{
	return probed(__u16, at);
}

static __always_inline __u32 read32(const __u8 *at)
{
	return probed(__u32, at);
}
