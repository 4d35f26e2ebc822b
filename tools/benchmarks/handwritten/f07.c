/* portrange 1000-2000 */
static __always_inline bool has_ports(__u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_SCTP;
}

static __always_inline bool in_range(const __u8 *at)
{
	__u16 port = from_be16(read16(at));

	return port >= 1000 && port <= 2000;
}

static __always_inline bool filter(const __u8 *data, const __u8 *end)
{
	const __u8 *ports;

	if (data + 14 > end)
		return false;
	__u16 type = read16(data + 12);

	if (type == be16(ETH_P_IP)) {
		if (data + 34 > end || !has_ports(read8(data + 23)))
			return false;
		if (read16(data + 20) & be16(0x1fff))
			return false;
		ports = data + 14 + (read8(data + 14) & 15) * 4;
	} else if (type == be16(ETH_P_IPV6)) {
		if (data + 54 > end || !has_ports(read8(data + 20)))
			return false;
		ports = data + 54;
	} else {
		return false;
	}
	return ports + 4 <= end && (in_range(ports) || in_range(ports + 2));
}
