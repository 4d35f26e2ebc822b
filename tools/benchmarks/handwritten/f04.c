/* host 10.0.0.1 */
#define HOST be32(0x0a000001)

static __always_inline bool filter(const __u8 *data, const __u8 *end)
{
	if (data + 34 > end)
		return false;
	__u16 type = read16(data + 12);

	if (type == be16(ETH_P_IP))
		return read32(data + 26) == HOST || read32(data + 30) == HOST;
	if (type != be16(ETH_P_ARP) && type != be16(ETH_P_RARP))
		return false;
	if (data + 42 > end)
		return false;
	return read32(data + 28) == HOST || read32(data + 38) == HOST;
}
