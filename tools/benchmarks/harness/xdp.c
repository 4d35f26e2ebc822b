/* An emitted filter at XDP. */
static __always_inline bool matches(struct xdp_md *context, const __u8 *data, const __u8 *end)
{
	struct packet packet = { .start = data, .end = end, .context = context };

	return filter(&packet) != 0;
}
