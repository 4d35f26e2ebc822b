/* tcp port 80 */
static __always_inline bool filter(const __u8 *data, const __u8 *end)
{
	const __u8 *tcp;

	if (data + 14 > end)
		return false;
	__u16 type = read16(data + 12);

	if (type == be16(ETH_P_IP)) {
		if (data + 34 > end || read8(data + 23) != IPPROTO_TCP)
			return false;
		if (read16(data + 20) & be16(0x1fff))
			return false;
		tcp = data + 14 + (read8(data + 14) & 15) * 4;
	} else if (type == be16(ETH_P_IPV6)) {
		if (data + 54 > end || read8(data + 20) != IPPROTO_TCP)
			return false;
		tcp = data + 54;
	} else {
		return false;
	}
	if (tcp + 4 > end)
		return false;
	return read16(tcp) == be16(80) || read16(tcp + 2) == be16(80);
}
