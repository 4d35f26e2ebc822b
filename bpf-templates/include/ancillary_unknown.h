/* What only an sk_buff would tell, where there is none yet: 0. */
#pragma once
#include "access.h"

#define UNKNOWN(field)                                                                             \
	static __always_inline __u32 ancillary_##field(struct packet *packet)                      \
	{                                                                                          \
		(void)packet;                                                                      \
		return 0;                                                                          \
	}

UNKNOWN(protocol)
UNKNOWN(packet_type)
UNKNOWN(mark)
UNKNOWN(receive_hash)
UNKNOWN(vlan_tag)
UNKNOWN(vlan_tag_present)
UNKNOWN(vlan_protocol)
