/* The device's name in four parts, each a number of four bytes as they stand; 0 where nobody knows. */
#pragma once
#include "access.h"

/* `offset`: 0, 4, 8 or 12. What stands behind the name's NUL may be anything. */
static __always_inline __u32 interface_name(struct packet *packet, const __u32 offset);

#define INTERFACE_NAME(offset)                                                                     \
	static __always_inline __u32 ancillary_interface_name_##offset(struct packet *packet)      \
	{                                                                                          \
		return interface_name(packet, offset);                                             \
	}

INTERFACE_NAME(0)
INTERFACE_NAME(4)
INTERFACE_NAME(8)
INTERFACE_NAME(12)
