/* A filter of handwritten/. */
static __always_inline bool matches(struct xdp_md *context, const __u8 *data, const __u8 *end)
{
	(void)context;
	return filter(data, end);
}
