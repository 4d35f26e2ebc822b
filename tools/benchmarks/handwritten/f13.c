/* tcp port 80 and (((ip[2:2] - ((ip[0] & 0xf) << 2)) - ((tcp[12] & 0xf0) >> 2)) != 0) */
static __always_inline bool filter(const __u8 *data, const __u8 *end)
{
	if (data + 34 > end || read16(data + 12) != be16(ETH_P_IP))
		return false;
	if (read8(data + 23) != IPPROTO_TCP || read16(data + 20) & be16(0x1fff))
		return false;
	__u32 ip_header = (read8(data + 14) & 15) * 4;
	const __u8 *tcp = data + 14 + ip_header;

	if (tcp + 20 > end)
		return false;
	if (read16(tcp) != be16(80) && read16(tcp + 2) != be16(80))
		return false;
	__u32 tcp_header = (read8(tcp + 12) & 0xf0) >> 2;

	return from_be16(read16(data + 16)) != ip_header + tcp_header;
}
