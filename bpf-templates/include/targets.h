/* Confinement to namespaces and devices: asked first, before the packet is touched. */
#pragma once
#include "record.h"

const volatile struct target targets[MAX_TARGETS] = {};
/* How many of them are set; 0: everywhere. */
const volatile __u32 target_count = 0;

static __always_inline bool in_targets(__u32 netns, __u32 ifindex)
{
	if (target_count == 0)
		return true;
#pragma clang loop unroll(disable)
	for (__u32 i = 0; i < MAX_TARGETS && i < target_count; i++) {
		if (targets[i].netns != netns)
			continue;
		if (targets[i].ifindex == 0 || targets[i].ifindex == ifindex)
			return true;
	}
	return false;
}
