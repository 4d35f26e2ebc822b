/* A filter for an XDP program that somebody else writes. */
#include "include/generated.h"
#include "include/ancillary_xdp.h"
#include "include/link_type.h"
#include "include/packet_xdp.h"

/* Nobody told; hookc refuses filters that ask for it. */
static __always_inline __u32 attached_name(const __u32 offset)
{
	(void)offset;
	return 0;
}

/* Whether the packet matches. */
static __always_inline bool matches(struct xdp_md *context)
{
	const enum link_type link = FILTERED_LINKS & 1 << LINK_EN10MB ? LINK_EN10MB : LINK_RAW;
	struct packet packet = {
		.start = (const void *)(__u64)context->data,
		.end = (const void *)(__u64)context->data_end,
		.context = context,
		.device_type = link == LINK_EN10MB ? ARPHRD_ETHER : ARPHRD_NONE,
	};

	return filter(&packet, link) != 0;
}
