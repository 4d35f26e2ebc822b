/* As skb.c, for packet_probe.h. */
__u64 frame_address;

static __always_inline bool matches(struct xdp_md *context, const __u8 *data, const __u8 *end)
{
	__u64 length = end - data;

	(void)context;
	*(volatile __u64 *)&frame_address = (__u64)data;

	struct packet packet = {
		.start = (const void *)*(volatile __u64 *)&frame_address,
		.length = length,
	};

	return filter(&packet) != 0;
}
