/*
 * For filters without branches. Whether something holds is said by the highest bit of a number of 64
 * bits; the others mean nothing. So `a & b`, `a | b` and `~a` are what they seem to be. No compiler
 * makes a jump of these: there is no comparison in them.
 */
#pragma once
#include "types.h"

/* Whether a number up to 2^63 is 0. */
static __transparent __u64 zero(__u64 number)
{
	return number - 1;
}

static __transparent __u64 nonzero(__u64 number)
{
	return 0 - number;
}

/* Whether a number is less than another, both below 2^63. */
static __transparent __u64 below(__u64 number, __u64 limit)
{
	return number - limit;
}

/* The value, or 0. The shift makes 64 copies of the bit; of one in C, compilers make a jump. */
static __transparent __u64 if_so(__u64 holds, __u64 value)
{
	__asm__("%0 s>>= 63" : "+r"(holds));
	return holds & value;
}

/*
 * A number of the bits of `most`, as it is already: before Linux 6.10 the verifier forgets all of `a | b`
 * where `b` is no constant (adjust_scalar_min_max_vals() of kernel/bpf/verifier.c).
 */
static __transparent __u64 within(__u64 number, const __u64 most)
{
	opaque(number);
	return number & most;
}
