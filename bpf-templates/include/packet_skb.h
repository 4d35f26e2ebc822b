/*
 * Access to a packet in an sk_buff of the kernel, for programs that may read kernel memory only
 * through a helper: the leading bytes that the filter can need are copied to the stack by one call;
 * what lies behind them costs a call each.
 *
 * Nothing is read beyond the linear part: what follows it in memory is not the packet, and would
 * both give wrong answers and leak kernel memory.
 */
#pragma once
#include "arithmetic.h"
#include "helpers.h"
#include "kernel.h"

struct packet {
	const unsigned char *start; /* the frame's first byte, in kernel memory */
	__u32 length; /* of the frame */
	__u32 linear; /* bytes of it that lie at `start` in one piece; the others are in pages */
	const __u8 *window; /* a copy of the leading bytes, up to WINDOW of them */
	__u64 missed; /* the end of the load that was out of reach and so ended the filter; 0: none */
	bool failed; /* kernel memory could not be read */

	/* What ancillary_skb.h looks at. */
	struct sk_buff *skb;
	/*
	 * The VLAN tag that stands in the bytes, four of them, with the EtherType of what follows behind
	 * it, and that the filter is to see as ancillary data; NULL: none.
	 */
	const unsigned char *untagged;
	bool is_sent;
};

/*
 * Room for the window. The stack may be read at aligned addresses only: with the two bytes in front,
 * the headers behind an Ethernet header stand where a word of them is one load.
 */
struct window {
	__u8 align[2];
	__u8 bytes[WINDOW > 0 ? WINDOW : 8];
} __attribute__((aligned(8)));

/* Fills the window; for the verifier, all of it must be initialised, also where the frame is short. */
static __always_inline bool open_packet(struct packet *packet, struct window *window)
{
	packet->window = window->bytes;
	packet->missed = 0;
	packet->failed = false;
	if (WINDOW == 0)
		return true;
	__builtin_memset(window, 0, sizeof(*window));
	__u64 size = packet->linear;

	opaque(size);
	if (size > WINDOW)
		size = WINDOW;
	return bpf_probe_read_kernel(window->bytes, size, packet->start) == 0;
}

/*
 * Puts the two addresses at the frame's real beginning into the window of a packet whose `start` is
 * four bytes on, so that the filter does not see the VLAN tag between. The window is large enough
 * for them (windowBytes() sees to it), and no load of theirs is made elsewhere since Linux 5.13.
 */
static __always_inline bool show_addresses(struct window *window, const unsigned char *start)
{
	return WINDOW < 12 || bpf_probe_read_kernel(window->bytes, 12, start) == 0;
}

/* Whether the frame has at least `end` bytes. */
static __always_inline bool has(struct packet *packet, __u64 end)
{
	return end <= packet->length;
}

static __always_inline bool reachable(struct packet *packet, __u64 end)
{
	if (end <= packet->linear)
		return true;
	packet->missed = end;
	return false;
}

/* Whether the filter, which rejected, did so because it could not look at bytes that are in pages. */
static __always_inline bool is_undecided(struct packet *packet)
{
	return packet->missed > packet->linear && packet->missed <= packet->length;
}

static __always_inline bool fetch(struct packet *packet, __u64 at, __u32 size, void *to)
{
	if (bpf_probe_read_kernel(to, size, packet->start + at) == 0)
		return true;
	packet->failed = true;
	return false;
}

/* A constant offset: the compiler chooses between window and memory. */
static __always_inline bool load(struct packet *packet, __u32 offset, __u32 size, void *to)
{
	if (!reachable(packet, (__u64)offset + size))
		return false;
	if ((__u64)offset + size > WINDOW)
		return fetch(packet, offset, size, to);
	__builtin_memcpy(to, packet->window + offset, size);
	return true;
}

/*
 * A computed offset. The verifier lets a program read its stack at a variable offset since Linux
 * 5.12; 5.13 is what can be asked for by name.
 */
static __always_inline bool load_at(struct packet *packet, __u64 at, __u32 size, __u8 *to)
{
	opaque(at);
	if (!reachable(packet, at + size))
		return false;
	if (WINDOW < size || at > WINDOW - size ||
	    !enumerator_exists(enum bpf_func_id, BPF_FUNC_for_each_map_elem))
		return fetch(packet, at, size, to);
	/*
	 * Once more: 6.12 walks ways that cannot be, says "REG INVARIANTS VIOLATION" where two of its
	 * bounds then contradict each other, and forgets both.
	 */
	opaque(at);
	if (at > WINDOW - size)
		return fetch(packet, at, size, to);
	const __u8 *from = packet->window + at;

	for (__u32 i = 0; i < size; i++)
		to[i] = from[i];
	return true;
}

static __always_inline bool load8(struct packet *packet, __u32 offset, __u32 *value)
{
	__u8 loaded;

	if (!load(packet, offset, sizeof(loaded), &loaded))
		return false;
	*value = loaded;
	return true;
}

static __always_inline bool load16(struct packet *packet, __u32 offset, __u32 *value)
{
	__u16 loaded;

	if (!load(packet, offset, sizeof(loaded), &loaded))
		return false;
	*value = from_be16(loaded);
	return true;
}

static __always_inline bool load32(struct packet *packet, __u32 offset, __u32 *value)
{
	__u32 loaded;

	if (!load(packet, offset, sizeof(loaded), &loaded))
		return false;
	*value = from_be32(loaded);
	return true;
}

static __always_inline bool load8x(struct packet *packet, __u32 index, __u32 offset, __u32 *value)
{
	__u8 loaded;

	if (!load_at(packet, (__u64)index + offset, 1, &loaded))
		return false;
	*value = loaded;
	return true;
}

static __always_inline bool load16x(struct packet *packet, __u32 index, __u32 offset, __u32 *value)
{
	__u8 loaded[2];

	if (!load_at(packet, (__u64)index + offset, 2, loaded))
		return false;
	*value = (__u32)loaded[0] << 8 | loaded[1];
	return true;
}

static __always_inline bool load32x(struct packet *packet, __u32 index, __u32 offset, __u32 *value)
{
	__u8 loaded[4];

	if (!load_at(packet, (__u64)index + offset, 4, loaded))
		return false;
	*value = (__u32)loaded[0] << 24 | (__u32)loaded[1] << 16 | (__u32)loaded[2] << 8 | loaded[3];
	return true;
}
