/* Parts of a large filter in an sk_buff: they get the addresses of its bytes, as numbers. */
#pragma once
#include "packet_skb.h"
#include "parts.h"

struct handed {
	__u64 start; /* these two as read_linear() takes them */
	__u64 lengths;
	__u64 shared; /* the address of the struct skb_shared_info */
	__u32 linear; /* where the bytes in pages begin */
	__u32 is_untagged;
};

#define HANDED struct handed
#define hand_over(packet)                                                                          \
	struct handed numbers = handed_of(packet);                                                 \
	struct handed *handed = &numbers

static __always_inline struct handed handed_of(struct packet *packet)
{
	return (struct handed){
		.start = number_of(packet->start),
		.lengths = (__u64)packet->length << 32 | readable(packet),
		.shared = SHARED_INFO(packet->skb),
		.linear = packet->linear,
		.is_untagged = packet->is_untagged,
	};
}

/* Byte by byte: some may be linear. Inlined, because frames of calls are few: eight. */
static __always_inline long long fetch_spread(struct handed *handed, __u64 at, __u32 size)
{
	__u64 number = 0;

#pragma clang loop unroll(disable)
	for (__u32 i = 0; i < sizeof(__u32) && i < size; i++) {
		long long byte = read_linear(handed->start, handed->lengths, at + i, 1, handed->is_untagged);

		if (byte == BEYOND_LINEAR)
			byte = load_pieces(handed->shared, at + i - handed->linear, 1);
		if (byte < 0)
			return BEYOND_LINEAR;
		((__u8 *)&number)[i] = byte;
	}
	return first_bytes(number, size);
}

/* The number in the packet's byte order, else as read_linear(). */
PART long long fetch_part(struct handed *handed, __u64 at, __u32 size)
{
	if (!handed)
		return UNREADABLE;
	long long number = read_linear(handed->start, handed->lengths, at, size, handed->is_untagged);

	return number == BEYOND_LINEAR ? fetch_spread(handed, at, size) : number;
}

static __always_inline __u32 part_verdict(struct packet *packet, __u64 at)
{
	if ((long long)at >= 0)
		return at;
	packet->undecided = at == (__u64)BEYOND_LINEAR;
	packet->failed = at == (__u64)UNREADABLE;
	return 0;
}
