/* ip */
static __always_inline bool filter(const __u8 *data, const __u8 *end)
{
	return data + 14 <= end && read16(data + 12) == be16(ETH_P_IP);
}
