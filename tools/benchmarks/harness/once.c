/* Returns 1 where the frame matches, otherwise 2. */
SEC("xdp")
int once(struct xdp_md *context)
{
	const __u8 *data = (const void *)(__u64)context->data;
	const __u8 *end = (const void *)(__u64)context->data_end;

	return matches(context, data, end) ? 1 : 2;
}
