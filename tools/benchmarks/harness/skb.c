/*
 * An emitted filter at a tracing hook, where the packet is kernel memory: through a variable, what
 * was a packet pointer for the verifier is a number.
 */
__u64 frame_address;

static __always_inline bool matches(struct xdp_md *context, const __u8 *data, const __u8 *end)
{
	__u64 length = end - data;

	(void)context;
	*(volatile __u64 *)&frame_address = (__u64)data;

	struct packet packet = {
		.start = (const void *)*(volatile __u64 *)&frame_address,
		.length = length,
		.linear = length,
	};

	return open_packet(&packet, 0) && filter(&packet) != 0;
}
