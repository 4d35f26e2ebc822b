/*
 * ip6 host A or ip6 host B or …, one after the other: each host costs one comparison as long as the
 * last word differs. As in hosts_chain.c, the compiler must not see that all compare one value.
 */
static __always_inline bool is_listed(const __u8 *address)
{
	__u64 last = read32(address + 12);

#define X(a, b, c, d)                                                                              \
	opaque(last);                                                                              \
	if ((__u32)last == be32(d) && read32(address + 8) == be32(c) &&                            \
	    read32(address + 4) == be32(b) && read32(address) == be32(a))                          \
		return true;
	ENTRIES(X)
#undef X
	return false;
}

static __always_inline bool filter(const __u8 *data, const __u8 *end)
{
	if (data + 54 > end || read16(data + 12) != be16(ETH_P_IPV6))
		return false;
	return is_listed(data + 22) || is_listed(data + 38);
}
