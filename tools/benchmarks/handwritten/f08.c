/* tcp[tcpflags] & (tcp-syn|tcp-fin) != 0 */
static __always_inline bool filter(const __u8 *data, const __u8 *end)
{
	if (data + 34 > end || read16(data + 12) != be16(ETH_P_IP))
		return false;
	if (read8(data + 23) != IPPROTO_TCP || read16(data + 20) & be16(0x1fff))
		return false;
	const __u8 *tcp = data + 14 + (read8(data + 14) & 15) * 4;

	return tcp + 14 <= end && read8(tcp + 13) & 3;
}
