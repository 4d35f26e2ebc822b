/* ip6 host 2001:db8::1 */
static __always_inline bool is_host(const __u8 *address)
{
	return read32(address) == be32(0x20010db8) && read32(address + 4) == 0 &&
	       read32(address + 8) == 0 && read32(address + 12) == be32(1);
}

static __always_inline bool filter(const __u8 *data, const __u8 *end)
{
	if (data + 54 > end || read16(data + 12) != be16(ETH_P_IPV6))
		return false;
	return is_host(data + 22) || is_host(data + 38);
}
