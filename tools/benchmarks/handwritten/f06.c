/* net 192.168.0.0/16 */
static __always_inline bool in_net(const __u8 *address)
{
	return read16(address) == be16(0xc0a8);
}

static __always_inline bool filter(const __u8 *data, const __u8 *end)
{
	if (data + 34 > end)
		return false;
	__u16 type = read16(data + 12);

	if (type == be16(ETH_P_IP))
		return in_net(data + 26) || in_net(data + 30);
	if (type == be16(ETH_P_ARP) || type == be16(ETH_P_RARP))
		return data + 42 <= end && (in_net(data + 28) || in_net(data + 38));
	return false;
}
