/* As skb.c, for a filter of handwritten/ that reads by calls. */
__u64 frame_address;

static __always_inline bool matches(struct xdp_md *context, const __u8 *data, const __u8 *end)
{
	__u64 length = end - data;

	(void)context;
	*(volatile __u64 *)&frame_address = (__u64)data;

	const __u8 *start = (const void *)*(volatile __u64 *)&frame_address;

	return filter(start, start + length);
}
