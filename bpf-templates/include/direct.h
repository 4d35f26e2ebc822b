/*
 * Direct access, the fast way of XDP and tc: the verifier wants to see each access compared with the
 * end first. It follows offsets below 64 KiB only (MAX_PACKET_OFF of kernel/bpf/verifier.c).
 */
#pragma once
#include "access.h"

#define MAX_PACKET_OFF 0xffff

/* Include this behind `struct packet`, which has `start` and `end`. */
static __always_inline bool open_view(struct view *view, const __u64 most, const __u64 first,
				      const __u64 end)
{
	const __u8 *bytes = view->packet->start;
	__u64 index = view->index;

	(void)first;
	if (end > MAX_PACKET_OFF)
		return false;
	if (most + end > MAX_PACKET_OFF) {
		opaque(index);
		if (index > MAX_PACKET_OFF - end)
			return false;
	}
	if (most > 0) {
		bytes += index;
		/* One register, compared here and read from later. */
		opaque(bytes);
	}
	view->bytes = bytes;
	return bytes + end <= view->packet->end;
}

static __always_inline void peek(struct view view, __u64 offset, const __u32 size, void *to)
{
	copy_number(to, view.bytes + offset, size);
}
