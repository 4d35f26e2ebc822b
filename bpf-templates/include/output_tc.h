/* A record and the frame's bytes, those in pages too, from tc to user space through the perf buffer. */
#pragma once
#include "events_perf.h"
#include "knobs.h"

/* Completes `captured` of the record and sends it. */
static __always_inline void send_tc(void *context, struct record *record, struct hook_stats *counted)
{
	record->captured = at_most(at_most(record->length, snaplen), MAX_CAPTURED);
	if (bpf_perf_event_output(context, &events,
				  BPF_F_CURRENT_CPU | (__u64)record->captured << 32, record,
				  sizeof(*record)))
		counted->lost++;
}
