/*
 * (src host A and dst host B and tcp dst port P) or …, one after the other: each rule costs one
 * comparison as long as the source differs. As in hosts_chain.c, the compiler must not see that all
 * compare one value.
 */
static __always_inline bool filter(const __u8 *data, const __u8 *end)
{
	if (data + 34 > end || read16(data + 12) != be16(ETH_P_IP))
		return false;
	if (read8(data + 23) != IPPROTO_TCP || read16(data + 20) & be16(0x1fff))
		return false;
	__u64 source = read32(data + 26);
	__u32 target = read32(data + 30);
	const __u8 *tcp = data + 14 + (read8(data + 14) & 15) * 4;

	if (tcp + 4 > end)
		return false;
	__u16 port = read16(tcp + 2);

#define X(from, to, at)                                                                            \
	opaque(source);                                                                            \
	if ((__u32)source == be32(from) && target == be32(to) && port == be16(at))                 \
		return true;
	ENTRIES(X)
#undef X
	return false;
}
