/*
 * A record and the frame's bytes, to user space through the perf buffer. bpf_skb_output appends
 * bytes from `skb->data` on, those in pages too; what the frame has before `data` (the MAC header, on
 * the receive path) goes in front as part of what the helper calls metadata, so that the bytes are in
 * one piece behind the record.
 */
#pragma once
#include "events_perf.h"
#include "helpers.h"
#include "kernel.h"
#include "knobs.h"
#include "record.h"

/* Room for what a packet has in front of `skb->data`; a template with more in front says so. */
#ifndef MAX_MAC_HEADER
#define MAX_MAC_HEADER 32
#endif

struct output {
	struct record record;
	__u8 mac_header[MAX_MAC_HEADER];
};

/*
 * Completes `captured` of the record and sends it. `start`: the frame's first byte, at most
 * MAX_MAC_HEADER before skb->data; how much of the frame is linear is all one to the helper.
 */
static __always_inline void send_skb(struct sk_buff *skb, const unsigned char *start, __u32 linear,
				     struct output *output, struct hook_stats *counted)
{
	__u64 in_front = skb->data - start;

	if (in_front > MAX_MAC_HEADER) {
		counted->failed++;
		return;
	}
	__u32 captured = at_most(at_most(output->record.length, snaplen), MAX_CAPTURED);

	(void)linear;
	output->record.captured = captured;

	/* With a snaplen inside the MAC header, nothing is left for the helper to append. */
	__u64 metadata = at_most(in_front, captured);

	opaque(metadata);
	if (metadata > MAX_MAC_HEADER)
		return;
	if (metadata > 0 && bpf_probe_read_kernel(output->mac_header, metadata, start)) {
		counted->failed++;
		return;
	}
	/* What is added up has the bounds that were compared, and not those that a compiler's `or` has. */
	opaque(metadata);
	if (bpf_skb_output(skb, &events, BPF_F_CURRENT_CPU | (captured - metadata) << 32, output,
			   sizeof(output->record) + metadata))
		counted->lost++;
}
