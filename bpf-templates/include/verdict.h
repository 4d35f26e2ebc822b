/* What a program that was looked at returned, as records have it. */
#pragma once
#include "types.h"

/* `verdict` of struct record: XDP_* and TC_ACT_* are -1 to 8. */
static __always_inline __u32 verdict_of(__u64 returned)
{
	__u32 number = (__u32)returned + 2;

	return number > 0 && number < 255 ? number : 255;
}
