/* vlan 100 and tcp port 443 */
static __always_inline bool filter(const __u8 *data, const __u8 *end)
{
	const __u8 *tcp;

	if (data + 18 > end)
		return false;
	__u16 outer = read16(data + 12);

	if (outer != be16(ETH_P_8021Q) && outer != be16(ETH_P_8021AD) && outer != be16(ETH_P_QINQ1))
		return false;
	if ((read16(data + 14) & be16(0xfff)) != be16(100))
		return false;
	__u16 type = read16(data + 16);

	if (type == be16(ETH_P_IP)) {
		if (data + 38 > end || read8(data + 27) != IPPROTO_TCP)
			return false;
		if (read16(data + 24) & be16(0x1fff))
			return false;
		tcp = data + 18 + (read8(data + 18) & 15) * 4;
	} else if (type == be16(ETH_P_IPV6)) {
		if (data + 58 > end || read8(data + 24) != IPPROTO_TCP)
			return false;
		tcp = data + 58;
	} else {
		return false;
	}
	if (tcp + 4 > end)
		return false;
	return read16(tcp) == be16(443) || read16(tcp + 2) == be16(443);
}
