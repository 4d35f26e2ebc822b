/* A record and the packet's bytes, those of all its buffers, to user space through the perf buffer. */
#pragma once
#include "events_perf.h"
#include "knobs.h"
#include "xdp_buff.h"

/* Completes `captured` of the record and sends it. */
static __always_inline void send_xdp_buff(struct xdp_buff *xdp, struct record *record,
					  struct hook_stats *counted)
{
	record->captured = at_most(at_most(record->length, snaplen), MAX_CAPTURED);
	if (bpf_xdp_output(xdp, &events, BPF_F_CURRENT_CPU | (__u64)record->captured << 32, record,
			   sizeof(*record)))
		counted->lost++;
}
