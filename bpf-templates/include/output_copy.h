/*
 * A record and the packet's linear bytes, to user space through the ring buffer, copied out of kernel
 * memory: for programs to which the kernel lends no helper that knows packets. Bytes in pages are not
 * copied: `captured` is then less than `length`.
 */
#pragma once
#include "kernel.h"
#include "output_ring.h"

struct output {
	struct record record;
};

/* Completes `captured` of the record and sends it. `start`: the frame's first byte; `linear`: bytes there. */
static __always_inline void send_skb(struct sk_buff *skb, const unsigned char *start, __u32 linear,
				     struct output *output, struct hook_stats *counted)
{
	(void)skb;
	send_bytes(&output->record, linear, FROM_KERNEL, start, counted);
}
