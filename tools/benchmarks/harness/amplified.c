/*
 * Both programs evaluate a filter many times and return how often it matched. Each evaluation begins
 * at a pointer that the compiler knows nothing of, and everything in memory may have changed: nothing
 * is kept from one to the next.
 *
 * CALLED puts the filter in a global function, which the verifier looks at once instead of in each
 * turn of the loops: for those of which it would have too much.
 */
#ifdef CALLED
__attribute__((noinline)) int evaluate(struct xdp_md *context, __u32 at)
#else
static __always_inline int evaluate(struct xdp_md *context, __u32 at)
#endif
{
	const __u8 *data = (const void *)(__u64)*(volatile __u32 *)&context->data;
	const __u8 *end = (const void *)(__u64)*(volatile __u32 *)&context->data_end;
	__u64 offset = at;

	if (at > 0) {
		opaque(offset);
		if (offset > (FRAMES - 1) * SLOT)
			return 0;
		data += offset;
	}
	opaque(data);
	__asm__ volatile("" ::: "memory");
	return matches(context, data, end);
}

/* Moves the code behind it in memory: where it lies in cache lines is worth as much as a filter. */
#define move_code() __asm__ volatile(PADDING ::: "r0")

/* The same frame again and again. */
SEC("xdp")
int fixed(struct xdp_md *context)
{
	__u32 matched = 0;

	move_code();
#pragma clang loop unroll(disable)
	for (__u32 i = 0; i < EVALUATIONS; i++)
		matched += evaluate(context, 0);
	return matched;
}

__u32 random_state = SEED;

/*
 * One of the buffer's frames each time, by chance (xorshift32): the state outlives the run, so that
 * the processor cannot learn the order. A frame seems to reach until the end of the buffer.
 */
SEC("xdp")
int mixed(struct xdp_md *context)
{
	__u32 random = *(volatile __u32 *)&random_state;
	__u32 matched = 0;

	move_code();
#pragma clang loop unroll(disable)
	for (__u32 i = 0; i < EVALUATIONS; i++) {
		random ^= random << 13;
		random ^= random >> 17;
		random ^= random << 5;
		matched += evaluate(context, (random >> 7) % FRAMES * SLOT);
	}
	*(volatile __u32 *)&random_state = random;
	return matched;
}
