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

/* Completes `length` and `captured` of the record and sends it. `start`: the frame's first byte. */
static __always_inline void send_skb(struct sk_buff *skb, const unsigned char *start,
				     struct output *output, struct hook_stats *counted)
{
	__u32 length = read_field(skb, len) + (read_field(skb, data) - start);

	output->record.length = length;
	send_bytes(&output->record, length - read_field(skb, data_len), FROM_KERNEL, start, counted);
}
