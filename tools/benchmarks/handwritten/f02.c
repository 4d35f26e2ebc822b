/* tcp */
static __always_inline bool filter(const __u8 *data, const __u8 *end)
{
	if (data + 14 > end)
		return false;
	__u16 type = read16(data + 12);

	if (type == be16(ETH_P_IP))
		return data + 34 <= end && data[23] == IPPROTO_TCP;
	if (type != be16(ETH_P_IPV6) || data + 54 > end)
		return false;
	if (data[20] == IPPROTO_TCP)
		return true;
	return data[20] == IPPROTO_FRAGMENT && data + 62 <= end && data[54] == IPPROTO_TCP;
}
