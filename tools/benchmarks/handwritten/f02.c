/* tcp */
static __always_inline bool filter(const __u8 *data, const __u8 *end)
{
	if (data + 34 > end)
		return false;
	__u16 type = read16(data + 12);

	if (type == be16(ETH_P_IP))
		return read8(data + 23) == IPPROTO_TCP;
	if (type != be16(ETH_P_IPV6) || data + 54 > end)
		return false;
	if (read8(data + 20) == IPPROTO_TCP)
		return true;
	return read8(data + 20) == IPPROTO_FRAGMENT && data + 62 <= end &&
	       read8(data + 54) == IPPROTO_TCP;
}
