/* Parts of a large filter at tc: they get the program's context. */
#pragma once
#include "packet_tc.h"
#include "parts.h"

#define HANDED struct __sk_buff
#define hand_over(packet) struct __sk_buff *handed = (packet)->context
#define fetch_part(handed, at, size) fetch_tc(handed, at, size)

static __always_inline __u32 part_verdict(struct packet *packet, __u64 at)
{
	(void)packet;
	return (long long)at < 0 ? 0 : at;
}
