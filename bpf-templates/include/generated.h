/*
 * hookc puts the filter in this file's place. As it stands: a filter that accepts every packet, so
 * that the templates compile by themselves.
 */
#pragma once
#include "link_type.h"

enum {
	HOOK_netif_receive_skb,
	HOOK_net_dev_queue,
	HOOK_hookdump_xdp,
	HOOK_hookdump_ingress,
	HOOK_hookdump_egress,
	HOOK_hook_program,
	HOOK_COUNT
};
enum { HOOK_ARGUMENT = 0, HOOK_LENGTH = 1, HOOK_PLACE = 0, HOOK_RETURNED = 0 };
enum { FILTERED_LINKS = 1 << LINK_EN10MB | 1 << LINK_RAW };
enum { WINDOW = 0 };

struct packet;

static __always_inline __u32 filter(struct packet *packet, enum link_type link)
{
	(void)packet;
	(void)link;
	return 262144;
}
