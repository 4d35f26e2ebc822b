/* What a device's frames begin with, as libpcap takes it. */
#pragma once
#include "kernel.h"

enum link_type { LINK_UNSUPPORTED, LINK_EN10MB, LINK_RAW };

static __always_inline enum link_type link_type_of(__u16 device_type)
{
	switch (device_type) {
	case ARPHRD_ETHER:
	case ARPHRD_LOOPBACK:
		return LINK_EN10MB;
	case ARPHRD_NONE:
	case ARPHRD_PPP:
	case ARPHRD_TUNNEL:
	case ARPHRD_TUNNEL6:
	case ARPHRD_SIT:
	case ARPHRD_IPGRE:
	case ARPHRD_RAWIP:
		return LINK_RAW;
	default:
		return LINK_UNSUPPORTED;
	}
}
