/*
 * hookc puts the filter in this file's place. As it stands: a filter that accepts every packet, so
 * that the templates compile by themselves.
 */
#pragma once
#include "link_type.h"

enum { HOOK_netif_receive_skb, HOOK_net_dev_queue, HOOK_hookdump_xdp, HOOK_COUNT };
enum { FILTERED_LINKS = 1 << LINK_EN10MB | 1 << LINK_RAW };
enum { WINDOW = 0 };

struct packet;

static __always_inline __u32 filter(struct packet *packet, enum link_type link)
{
	(void)packet;
	(void)link;
	return 262144;
}
