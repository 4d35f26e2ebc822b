/*
 * A record and the bytes of a packet, to user space through the ring buffer. Its reservations must have
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

/* As much as bpf_xdp_load_bytes() takes, and more than a packet that is not made of segments has. */
#define MAX_CAPTURED 0xffff

/* Where the bytes are. */
enum source { FROM_XDP, FROM_KERNEL, FROM_USER };

static __always_inline long copy_bytes(enum source source, const void *from, void *to, __u32 size)
{
	switch (source) {
	case FROM_XDP:
		return bpf_xdp_load_bytes((void *)from, 0, to, size);
	case FROM_KERNEL:
		return bpf_probe_read_kernel(to, size, from);
	default:
		return bpf_probe_read_user(to, size, from);
	}
}

static __always_inline __u64 wake_up(void)
{
	return bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA) < WAKE_UP_AT ? BPF_RB_NO_WAKEUP
									  : BPF_RB_FORCE_WAKEUP;
}

/* Bytes to reserve for `last + 1` of them, which are at most MAX_CAPTURED. */
static __always_inline __u64 capacity_for(__u64 last)
{
	if (last < 128)
		return 128;
	if (last < 512)
		return 512;
	if (last < 2048)
		return 2048;
	if (last < 4096)
		return 4096;
	return last < 16384 ? 16384 : MAX_CAPTURED;
}

/*
 * Completes `captured` of the record and sends it. `available`: how many bytes can be had `from`
 * there (FROM_XDP: the program's context).
 */
static __always_inline void send_bytes(struct record *record, __u32 available, enum source source,
				       const void *from, struct hook_stats *counted)
{
	if (available == 0) {
		record->captured = 0;
		if (bpf_ringbuf_output(&events, record, sizeof(*record), wake_up()))
			counted->lost++;
		return;
	}
	/* Counted from 0, because the verifier of Linux 6.1 does not take "not 0" for "at least 1". */
	__u64 last = at_most(available, snaplen) - 1;

	opaque(last);
	if (last >= MAX_CAPTURED)
		last = MAX_CAPTURED - 1;
	record->captured = last + 1;

	/* On each path a constant for the verifier, which must not become a formula for the compiler. */
	__u64 capacity = capacity_for(last);

	opaque(capacity);
	struct record *to = bpf_ringbuf_reserve(&events, sizeof(*to) + capacity, 0);

	if (!to) {
		counted->lost++;
		return;
	}
	*to = *record;
	/*
	 * That it fits is known, but not to the verifier of Linux 6.1 if the compiler has kept `last` on
	 * the stack meanwhile.
	 */
	opaque(last);
	if (last >= capacity || copy_bytes(source, from, to + 1, last + 1)) {
		bpf_ringbuf_discard(to, BPF_RB_NO_WAKEUP);
		counted->failed++;
		return;
	}
	bpf_ringbuf_submit(to, wake_up());
}
