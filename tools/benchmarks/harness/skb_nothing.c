/* What skb.c costs without a filter. */
__u64 frame_address;

static __always_inline bool matches(struct xdp_md *context, const __u8 *data, const __u8 *end)
{
	(void)context;
	*(volatile __u64 *)&frame_address = (__u64)data;
	(void)*(volatile __u64 *)&frame_address;
	opaque(end);
	return false;
}
