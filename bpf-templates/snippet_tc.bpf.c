/* A filter for a tc program that somebody else writes. */
#include "include/generated.h"
#include "include/ancillary_tc.h"
#include "include/link_type.h"
#include "include/packet_tc.h"

/* Nobody told; hookc refuses filters that ask for it. */
static __always_inline __u32 attached_name(const __u32 offset)
{
	(void)offset;
	return 0;
}

static __always_inline bool matches_way(struct __sk_buff *context, bool is_sent)
{
	const enum link_type link = FILTERED_LINKS & 1 << LINK_EN10MB ? LINK_EN10MB : LINK_RAW;
	struct packet packet = {
		.start = (const void *)(__u64)context->data,
		.end = (const void *)(__u64)context->data_end,
		.context = context,
		.device_type = link == LINK_EN10MB ? ARPHRD_ETHER : ARPHRD_NONE,
		.is_sent = is_sent,
	};

	return filter(&packet, link) != 0;
}

//@hook hookdump_ingress
/* Whether the packet matches. */
static __always_inline bool matches(struct __sk_buff *context)
{
	return matches_way(context, false);
}
//@end

//@hook hookdump_egress
/* Whether the packet matches. */
static __always_inline bool matches(struct __sk_buff *context)
{
	return matches_way(context, true);
}
//@end
