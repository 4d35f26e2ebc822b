/*
 * Direct access, the fast way of XDP and tc: the verifier wants to see each access compared with the
 * end first. It follows offsets below 64 KiB only (MAX_PACKET_OFF of kernel/bpf/verifier.c).
 */
#pragma once
#include "access.h"

#define MAX_PACKET_OFF 0xffff

/*
 * Include this behind `struct packet`, which has `start` and `end`. It is the pointer that loads are
 * made from that is moved and compared, each of them then reading a little in front of it: one
 * register, and one instruction less for each packet than with a copy of the pointer.
 */
static __transparent bool open_view(struct view *view, const __u64 most, const __u64 first,
				      const __u64 end)
{
	const __u8 *bytes = view->is_open ? view->bytes : view->packet->start;
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
		/* The index is added by itself: the verifier takes it from there. */
		opaque(bytes);
	}
	bytes += end;
	opaque(bytes);
	view->bytes = bytes - end;
	view->is_open = true;
	return bytes <= view->packet->end;
}

/* What is read carefully is asked of the kernel: the pointers are not kept for it, and may be moved. */
#undef in_memory
#define in_memory(filter, packet)                                                                  \
	({                                                                                         \
		struct packet copy = *(packet);                                                    \
		copy.start = copy.end = NULL;                                                      \
		filter(&copy);                                                                     \
	})

static __transparent void peek(struct view view, __u64 offset, const __u32 size, void *to)
{
	copy_number(to, view.bytes + offset, size);
}
