/*
 * These programs evaluate a filter many times and return how often it matched. Each evaluation begins
 * at a pointer that the compiler knows nothing of, and everything in memory may have changed: nothing
 * is kept from one to the next.
 *
 * CALLED puts the filter in a global function, which the verifier looks at once instead of in each
 * turn of the loops, for those of which it would have too much: 1 for mixed frames only, 2 always.
 */
static __always_inline int evaluate(struct xdp_md *context, __u32 at)
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

#if CALLED
__attribute__((noinline)) int evaluate_called(struct xdp_md *context, __u32 at)
{
	return evaluate(context, at);
}
#define evaluate_mixed evaluate_called
#else
#define evaluate_mixed evaluate
#endif
#if CALLED == 2
#define evaluate_fixed evaluate_called
#else
#define evaluate_fixed evaluate
#endif

/*
 * Zero, but not for the verifier: what it knows of the count it would take to every turn that follows,
 * and walk through all combinations of ways. `matched` is opaque after each evaluation for the same
 * reason: clang would give each way through the loop one of its own.
 */
__u32 none;
#define no_matches() (*(volatile __u32 *)&none)

/* Moves the code behind it in memory: where it lies in cache lines is worth as much as a filter. */
#define move_code() __asm__ volatile(PADDING ::: "r0")

/* The same frame again and again. */
SEC("xdp")
int fixed(struct xdp_md *context)
{
	__u32 matched = no_matches();

	move_code();
#pragma clang loop unroll(disable)
	for (__u32 i = 0; i < EVALUATIONS; i++) {
		matched += evaluate_fixed(context, 0);
		opaque(matched);
	}
	return matched;
}

__u32 random_state = SEED;

/* xorshift32 */
static __always_inline __u32 next_random(__u32 random)
{
	random ^= random << 13;
	random ^= random >> 17;
	return random ^ random << 5;
}

#define random_frame(random) ((random) >> 7) % FRAMES * SLOT

/*
 * One of the buffer's frames each time, by chance: the state outlives the run, so that the processor
 * cannot learn the order. A frame seems to reach until the end of the buffer. The verdict is added up.
 */
SEC("xdp")
int counted(struct xdp_md *context)
{
	__u32 random = *(volatile __u32 *)&random_state;
	__u32 matched = no_matches();

	move_code();
#pragma clang loop unroll(disable)
	for (__u32 i = 0; i < EVALUATIONS; i++) {
		random = next_random(random);
		matched += evaluate_mixed(context, random_frame(random));
		opaque(matched);
	}
	*(volatile __u32 *)&random_state = random;
	return matched;
}

/* The same, but the verdict decides about a jump, as where something is done with what matches. */
SEC("xdp")
int decided(struct xdp_md *context)
{
	__u32 random = *(volatile __u32 *)&random_state;
	__u32 matched = no_matches();

	move_code();
#pragma clang loop unroll(disable)
	for (__u32 i = 0; i < EVALUATIONS; i++) {
		random = next_random(random);
		if (evaluate_mixed(context, random_frame(random))) {
			matched++;
			opaque(matched);
		}
	}
	*(volatile __u32 *)&random_state = random;
	return matched;
}
