/* Parts of a large filter in a buffer of a process: they get its address. */
#pragma once
#include "packet_buffer.h"
#include "parts.h"

struct handed {
	__u64 start; /* in the process */
	__u64 length;
};

#define HANDED struct handed
#define hand_over(packet)                                                                          \
	struct handed numbers = {                                                                  \
		.start = (__u64)(packet)->start,                                                   \
		.length = (packet)->length,                                                        \
	};                                                                                         \
	struct handed *handed = &numbers

/* What fetch_part() gives if not a number. */
enum { NOT_THERE = -1, NOT_READABLE = -2 };

/* The number in the packet's byte order. */
PART long long fetch_part(struct handed *handed, __u64 at, __u32 size)
{
	__u64 number = 0;

	size &= 7;
	if (!handed || at + size > handed->length)
		return NOT_THERE;
	if (bpf_probe_read_user(&number, size, (const void *)(handed->start + at)))
		return NOT_READABLE;
	return first_bytes(number, size);
}

static __always_inline __u32 part_verdict(struct packet *packet, __u64 at)
{
	packet->failed = at == (__u64)NOT_READABLE;
	return (long long)at < 0 ? 0 : at;
}
