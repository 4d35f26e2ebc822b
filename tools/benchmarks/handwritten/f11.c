/* ip6 protochain 6 */
#define MOST_HEADERS 6

static __always_inline bool filter(const __u8 *data, const __u8 *end)
{
	if (data + 54 > end || read16(data + 12) != be16(ETH_P_IPV6))
		return false;
	__u8 next = read8(data + 20);
	const __u8 *header = data + 54;

	for (int i = 0; i < MOST_HEADERS; i++) {
		if (next == IPPROTO_TCP)
			return true;
		if (header + 2 > end)
			return false;
		switch (next) {
		case IPPROTO_HOPOPTS:
		case IPPROTO_ROUTING:
		case IPPROTO_DSTOPTS:
		case IPPROTO_FRAGMENT:
			next = read8(header);
			header += (read8(header + 1) + 1) * 8;
			break;
		case IPPROTO_AH:
			next = read8(header);
			header += (read8(header + 1) + 2) * 4;
			break;
		default:
			return false;
		}
	}
	return next == IPPROTO_TCP;
}
