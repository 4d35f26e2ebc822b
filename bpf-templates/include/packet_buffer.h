/*
 * Access to a packet in a buffer of a process: user memory, of which the leading bytes are copied to
 * the stack by one call; what lies behind them costs a call each.
 */
#pragma once
#include "access.h"
#include "helpers.h"
#include "kernel.h"

struct packet {
	const unsigned char *start; /* in the process */
	__u64 length;
	const __u8 *window; /* room for a copy of the leading bytes, WINDOW of them */
	bool failed; /* the process's memory could not be read: not mapped, or not in memory now */
};

/*
 * On the stack: a process in a uprobe may make way for another that comes to the same one on the same
 * CPU. The stack is read in aligned numbers only, hence two bytes in front: headers behind an Ethernet
 * header are then aligned to words.
 */
#define WORD 4
struct window {
	__u8 align[2];
	__u8 bytes[WINDOW > 0 ? WINDOW : 8];
} __attribute__((aligned(8)));

static __always_inline __u64 length_of(struct packet *packet)
{
	return packet->length;
}

static __always_inline long long fetch(struct packet *packet, __u64 at, __u32 size)
{
	__u64 number = 0;

	if (at + size > packet->length)
		return -1;
	packet->failed = bpf_probe_read_user(&number, size, packet->start + at) != 0;
	return packet->failed ? -1 : (long long)first_bytes(number, size);
}

/* Fills the window; for the verifier, all of it must be initialised. */
static __always_inline bool open_window(struct packet *packet)
{
	__u8 *window = (__u8 *)packet->window;
	__u64 size = packet->length;

	if (WINDOW == 0)
		return true;
	__builtin_memset(window, 0, WINDOW);
	cap(size, WINDOW);
	return bpf_probe_read_user(window, size, packet->start) == 0;
}

#define first_try(filter, packet) (open_window(packet) ? filter(packet, DIRECT) : UNSURE)

static __always_inline bool open_view(struct view *view, const __u64 most, const __u64 first,
				      const __u64 end)
{
	__u64 index = view->index;

	(void)first;
	if (end > WINDOW || index + end > view->packet->length || index % WORD)
		return false;
	if (most > 0) {
		/*
		 * At a variable offset a program may read its stack since Linux 5.12; 5.13 is what can be
		 * asked for by name.
		 */
		if (!enumerator_exists(enum bpf_func_id, BPF_FUNC_for_each_map_elem))
			return false;
		/* From a remainder the verifier learns nothing. */
		opaque(index);
		index &= -WORD;
		opaque(index);
		if (index > WINDOW - end)
			return false;
	}
	view->bytes = view->packet->window + index;
	return true;
}

/* In the largest numbers that are aligned there, whatever word the view begins with. */
static __transparent void peek(struct view view, __u64 offset, const __u32 size, void *to)
{
	const __u64 place = offset + __builtin_offsetof(struct window, bytes);
	const __u32 aligned = place % WORD == 0 ? WORD : place % 2 == 0 ? 2 : 1;
	const __u32 step = size < aligned ? size : aligned;

	for (__u32 i = 0; i < size; i += step)
		copy_number((__u8 *)to + i, view.bytes + offset + i, step);
}
