/* Parts of a large filter at XDP: they get the program's context. */
#pragma once
#include "packet_xdp.h"
#include "parts.h"

#define HANDED struct xdp_md
#define hand_over(packet) struct xdp_md *handed = (packet)->context
#define fetch_part(handed, at, size) fetch_xdp(handed, at, size)

static __always_inline __u32 part_verdict(struct packet *packet, __u64 at)
{
	(void)packet;
	return (long long)at < 0 ? 0 : at;
}
