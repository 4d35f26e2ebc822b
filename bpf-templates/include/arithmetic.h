/* Where classic BPF and C part: a shift by 32 or more gives 0, and is not undefined. */
#pragma once
#include "types.h"

static __transparent __u32 shift_left(__u32 value, __u32 count)
{
	return count > 31 ? 0 : value << count;
}

static __transparent __u32 shift_right(__u32 value, __u32 count)
{
	return count > 31 ? 0 : value >> count;
}
