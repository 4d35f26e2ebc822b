/*
 * host A or host B or …, one comparison after the other, as the kernel runs it from libpcap. The
 * compiler must not see that all compare one value, or it makes a search of it.
 */
static __always_inline bool is_listed(__u64 address)
{
#define X(host)                                                                                    \
	opaque(address);                                                                           \
	if ((__u32)address == host)                                                                \
		return true;
	ENTRIES(X)
#undef X
	return false;
}

static __always_inline bool filter(const __u8 *data, const __u8 *end)
{
	__u32 at;

	if (data + 42 > end)
		return false;
	__u16 type = read16(data + 12);

	if (type == be16(ETH_P_IP))
		at = 26;
	else if (type == be16(ETH_P_ARP) || type == be16(ETH_P_RARP))
		at = 28;
	else
		return false;
	if (is_listed(from_be32(read32(data + at))))
		return true;
	return is_listed(from_be32(read32(data + (at == 26 ? 30 : 38))));
}
