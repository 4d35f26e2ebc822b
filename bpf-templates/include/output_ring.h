/*
 * A record and the frame's bytes, to user space through the ring buffer. Its reservations must have
 * a size that the verifier knows, so there are a few sizes, and a record says how much it holds.
 */
#pragma once
#include "helpers.h"
#include "knobs.h"
#include "record.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 * 1024 * 1024); /* user space may choose another size before loading */
} events SEC(".maps");

/* A wake-up per packet would cost more than the packet; user space polls for the rest. */
#define WAKE_UP_AT (64 * 1024)

/* bpf_xdp_load_bytes() takes no more. */
#define MAX_CAPTURED 0xffff

static __always_inline __u64 wake_up(void)
{
	return bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA) < WAKE_UP_AT ? BPF_RB_NO_WAKEUP
									  : BPF_RB_FORCE_WAKEUP;
}

/* Room for a record and `last + 1` bytes, which are at most MAX_CAPTURED. */
static __always_inline struct record *reserve(__u64 last)
{
	if (last < 128)
		return bpf_ringbuf_reserve(&events, sizeof(struct record) + 128, 0);
	if (last < 512)
		return bpf_ringbuf_reserve(&events, sizeof(struct record) + 512, 0);
	if (last < 2048)
		return bpf_ringbuf_reserve(&events, sizeof(struct record) + 2048, 0);
	if (last < 4096)
		return bpf_ringbuf_reserve(&events, sizeof(struct record) + 4096, 0);
	if (last < 16384)
		return bpf_ringbuf_reserve(&events, sizeof(struct record) + 16384, 0);
	return bpf_ringbuf_reserve(&events, sizeof(struct record) + MAX_CAPTURED, 0);
}

/* Completes `captured` of the record and sends it. */
static __always_inline void send_xdp(void *context, struct record *record, struct hook_stats *counted)
{
	/* Counted from 0, because the verifier of Linux 6.1 does not take "not 0" for "at least 1". */
	__u64 last = at_most(record->length, snaplen) - 1;

	opaque(last);
	if (last >= MAX_CAPTURED)
		last = MAX_CAPTURED - 1;
	record->captured = last + 1;

	struct record *to = reserve(last);

	if (!to) {
		counted->lost++;
		return;
	}
	*to = *record;
	opaque(last);
	if (bpf_xdp_load_bytes(context, 0, to + 1, last + 1)) {
		bpf_ringbuf_discard(to, BPF_RB_NO_WAKEUP);
		counted->failed++;
		return;
	}
	bpf_ringbuf_submit(to, wake_up());
}
