/*
 * What user space may set before loading. The defaults do no harm, so that the object also loads as
 * it is. The verifier knows frozen .rodata: an unused branch costs nothing.
 */
#pragma once
#include "record.h"

/* Bytes of a frame to keep at most; at least 1. */
const volatile __u32 snaplen = 262144;

static __always_inline __u32 at_most(__u32 value, __u32 limit)
{
	return value < limit ? value : limit;
}
