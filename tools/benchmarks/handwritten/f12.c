/* not (tcp port 22 or udp port 53) */
static __always_inline bool has_port(const __u8 *ports, __u16 port)
{
	return read16(ports) == port || read16(ports + 2) == port;
}

static __always_inline bool filter(const __u8 *data, const __u8 *end)
{
	const __u8 *ports;
	__u8 protocol;

	if (data + 14 > end)
		return false;
	__u16 type = read16(data + 12);

	if (type == be16(ETH_P_IP)) {
		if (data + 34 > end)
			return false;
		protocol = read8(data + 23);
		if (read16(data + 20) & be16(0x1fff))
			return true;
		ports = data + 14 + (read8(data + 14) & 15) * 4;
	} else if (type == be16(ETH_P_IPV6)) {
		if (data + 54 > end)
			return false;
		protocol = read8(data + 20);
		ports = data + 54;
	} else {
		return true;
	}
	__u16 port;

	if (protocol == IPPROTO_TCP)
		port = be16(22);
	else if (protocol == IPPROTO_UDP)
		port = be16(53);
	else
		return true;
	if (ports + 4 > end)
		return false;
	return !has_port(ports, port);
}
