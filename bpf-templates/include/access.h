/*
 * How an emitted filter reads a packet. Its text stands in the object once and is instantiated for
 * two ways of reading, chosen by a constant:
 *
 * - DIRECT compares a stretch of the packet with its end once, and then loads without asking. Where
 *   the packet ends before that stretch does, it doesn't know the answer: UNSURE;
 * - CAREFUL asks before each load, gets bytes wherever they are, and so knows the answer to the last
 *   byte. It is called then, from the beginning, in a function that is not inlined.
 *
 * An access strategy (packet_*.h) defines `struct packet`, `first_try` and the functions declared
 * here without a body.
 */
#pragma once
#include "arithmetic.h"

enum way { CAREFUL, DIRECT };

/* What a filter gives where its way of reading can't decide; no number of bytes to keep is so large. */
#define UNSURE (1ULL << 32)

/*
 * The bytes to keep of a packet that matches. The empty statement keeps the compiler from making
 * arithmetic of "this or 0", which takes longer than the jump that it saves.
 */
static __always_inline __u64 accept(const __u64 bytes)
{
	__asm__ volatile("");
	return bytes;
}

struct packet;

/* A stretch of a packet. Of constants and registers only: no view is ever in memory. */
struct view {
	struct packet *packet;
	enum way way;
	__u64 index; /* of `bytes`, from the packet's first byte */
	__u64 most; /* what the index can be; 0: it is a constant */
	const __u8 *bytes; /* DIRECT: what the offsets of loads are added to */
	const __u8 *addresses; /* the same for those of a frame's addresses, where they are elsewhere */
};

/* The packet's true length. */
static __always_inline __u64 length_of(struct packet *packet);

/*
 * CAREFUL: the `size` (1, 2, 4) bytes at `at`, a number of up to 33 bits; false, and nothing written
 * to `to`, if these are not all the packet's.
 */
static __always_inline bool fetch(struct packet *packet, __u64 at, __u32 size, void *to);

/*
 * DIRECT: whether bytes `first` to `end` of the view are there. The index is `most` at most, and
 * the verifier knows it where that has 16 bits; where `most` is 0 it is a constant.
 */
static __always_inline bool open_view(struct view *view, const __u64 most, const __u64 first,
				      const __u64 end);

/* DIRECT: a load of 1, 2, 4 or 8 bytes between `first` and `end` of an open view. */
static __always_inline void peek(struct view view, __u64 offset, const __u32 size, void *to);

/* One load where memory can be read directly. */
static __always_inline void copy_number(void *to, const void *from, const __u32 size)
{
	if (size == 1)
		*(__u8 *)to = *(const __u8 *)from;
	else if (size == 2)
		*(__u16 *)to = *(const __u16 *)from;
	else if (size == 4)
		*(__u32 *)to = *(const __u32 *)from;
	else
		*(__u64 *)to = *(const __u64 *)from;
}

/* Opens a view of the packet's bytes `index + first` to `index + end`. */
static __always_inline bool reach(struct packet *packet, const enum way way, __u64 index,
				  const __u64 most, const __u64 first, const __u64 end,
				  struct view *view)
{
	view->packet = packet;
	view->way = way;
	view->index = index;
	view->most = most;
	view->bytes = view->addresses = NULL;
	return way == CAREFUL || open_view(view, most, first, end);
}

/*
 * A view of what an open view of the packet's leading bytes covers, from `index` on. DIRECT takes it
 * to be what it usually is, and is not sure otherwise.
 */
static __always_inline bool part(struct view frame, __u64 index, const __u64 usual,
				 struct view *view)
{
	*view = frame;
	view->index = index;
	if (frame.way == CAREFUL)
		return true;
	view->bytes += usual;
	view->addresses = view->bytes;
	return index == usual;
}

/* Whether the packet ends before `end` of the view. */
static __always_inline bool lacks(struct view view, __u64 end)
{
	return view.way == CAREFUL && view.index + end > length_of(view.packet);
}

/* Not inlined: a filter has many loads, and here nobody is in a hurry. Negative: not the packet's. */
static __noinline long long fetch_number(struct packet *packet, __u64 at, __u32 size)
{
	union {
		__u8 byte;
		__u16 half;
		__u32 word;
	} number = {};

	if (!fetch(packet, at, size, &number))
		return -1;
	return size == sizeof(__u8) ? number.byte : size == sizeof(__u16) ? number.half : number.word;
}

/* A view of a filter that has no fast way. */
static __always_inline struct view carefully(struct packet *packet, __u64 index)
{
	return (struct view){ .packet = packet, .way = CAREFUL, .index = index };
}

/*
 * The number of a type at `offset` of the view, bytes in the packet's order. A load beyond the end
 * ends the filter, also below a `not`: the function that this stands in returns 0.
 */
#define raw(type, place, offset)                                                                   \
	({                                                                                         \
		const struct view from = (place);                                                  \
		type number;                                                                       \
		if (from.way == CAREFUL) {                                                         \
			long long fetched =                                                        \
				fetch_number(from.packet, from.index + (offset), sizeof(type));    \
			if (fetched < 0)                                                           \
				return 0;                                                          \
			number = fetched;                                                          \
		} else {                                                                           \
			peek(from, offset, sizeof(type), &number);                                 \
		}                                                                                  \
		number;                                                                            \
	})

#define raw16(place, offset) raw(__u16, place, offset)
#define raw32(place, offset) raw(__u32, place, offset)

/* The same as a number of the machine's. */
#define get8(place, offset) ((__u32)raw(__u8, place, offset))
#define get16(place, offset) ((__u32)from_be16(raw16(place, offset)))
#define get32(place, offset) from_be32(raw32(place, offset))

/* Whether two numbers of 32 bits that follow one another are these; the second is not asked for in vain. */
#define equal64(place, offset, first, second)                                                      \
	((place).way == CAREFUL                                                                    \
		 ? get32(place, offset) == first && get32(place, offset + 4) == second             \
		 : peek64(place, offset) == from_be64((__u64)first << 32 | second))

static __always_inline __u64 peek64(struct view view, __u64 offset)
{
	__u64 number;

	peek(view, offset, sizeof(number), &number);
	return number;
}

/* What stands in a packet for a constant. */
#define be16(value) from_be16(value)
#define be32(value) from_be32(value)
