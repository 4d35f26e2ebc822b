/* host A or host B or …: ENTRIES(X) says which. clang makes a binary search of a switch. */
static __always_inline bool is_listed(__u32 address)
{
	switch (address) {
#define X(host) case host:
		ENTRIES(X)
#undef X
		return true;
	default:
		return false;
	}
}

static __always_inline bool both(const __u8 *source, const __u8 *target)
{
	return is_listed(from_be32(read32(source))) || is_listed(from_be32(read32(target)));
}

static __always_inline bool filter(const __u8 *data, const __u8 *end)
{
	if (data + 34 > end)
		return false;
	__u16 type = read16(data + 12);

	if (type == be16(ETH_P_IP))
		return both(data + 26, data + 30);
	if (type == be16(ETH_P_ARP) || type == be16(ETH_P_RARP))
		return data + 42 <= end && both(data + 28, data + 38);
	return false;
}
