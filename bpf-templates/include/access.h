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
static __transparent __u64 accept(const __u64 bytes)
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
	bool is_open; /* a constant: whether `bytes` is there already */
	const __u8 *bytes; /* DIRECT: what the offsets of loads are added to */
};

/* The packet's true length. */
static __always_inline __u64 length_of(struct packet *packet);

/*
 * CAREFUL: the number in `size` (1, 2, 4) bytes at `at`, which has up to 33 bits, in the packet's
 * byte order. Negative: these are not all the packet's.
 */
static __always_inline long long fetch(struct packet *packet, __u64 at, __u32 size);

/*
 * DIRECT: whether bytes `first` to `end` of the view are there. The index is `most` at most, and
 * the verifier knows it where that has 16 bits; where `most` is 0 it is a constant. A view that is
 * open already goes further than it did.
 */
static __always_inline bool open_view(struct view *view, const __u64 most, const __u64 first,
				      const __u64 end);

/* DIRECT: a load of 1, 2, 4 or 8 bytes between `first` and `end` of an open view. */
static __always_inline void peek(struct view view, __u64 offset, const __u32 size, void *to);

/* One load where memory can be read directly. */
static __transparent void copy_number(void *to, const void *from, const __u32 size)
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
static __transparent bool reach(struct packet *packet, const enum way way, __u64 index,
				  const __u64 most, const __u64 first, const __u64 end,
				  struct view *view)
{
	view->packet = packet;
	view->way = way;
	view->index = index;
	view->most = most;
	view->is_open = false;
	view->bytes = NULL;
	return way == CAREFUL || open_view(view, most, first, end);
}

/* Opens a view of the packet's leading bytes for some more of them. */
static __transparent bool further(struct view *view, const __u64 first, const __u64 end)
{
	return view->way == CAREFUL || open_view(view, 0, first, end);
}

/* Whether it could be opened for these, as it is: where ways meet again of which one goes further. */
static __transparent bool covers(struct view view, const __u64 first, const __u64 end)
{
	return further(&view, first, end);
}

/* The first byte of an IPv4 header without options, and that header's length. */
#define PLAIN_HEADER 0x45
#define PLAIN_LENGTH 20

/*
 * A view of the packet from `length` on, the length of the IPv4 header that begins with
 * `first_byte`. DIRECT takes that to be without options, is not sure otherwise, and goes no further
 * than the view of the packet's leading bytes does.
 */
static __transparent bool behind_header(struct view frame, __u32 first_byte, __u32 length,
					  struct view *view)
{
	*view = frame;
	view->index = length;
	if (frame.way == CAREFUL)
		return true;
	view->bytes += PLAIN_LENGTH;
	if (first_byte != PLAIN_HEADER)
		return false;
	__builtin_assume(length == PLAIN_LENGTH);
	return true;
}

/* Whether the packet ends before `end` of the view. */
static __transparent bool lacks(struct view view, __u64 end)
{
	return view.way == CAREFUL && view.index + end > length_of(view.packet);
}

/*
 * Calls the function that reads carefully, with a copy of the packet: only there it has to be in
 * memory. What the function notes of the packet is kept.
 */
#define in_memory(filter, packet)                                                                  \
	({                                                                                         \
		struct packet copy = *(packet);                                                    \
		__u64 bytes = filter(&copy);                                                       \
		*(packet) = copy;                                                                  \
		bytes;                                                                             \
	})

/* Not inlined: a filter has many loads, and here nobody is in a hurry. */
static __noinline long long fetch_number(struct packet *packet, __u64 at, __u32 size)
{
	return fetch(packet, at, size);
}

/* A view of a filter that has no fast way. */
static __transparent struct view carefully(struct packet *packet, __u64 index)
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

/*
 * The same for what is only compared with limits: a compiler would do that in 16 bits, for which BPF
 * has no registers, and mask the number each time.
 */
#define compared16(place, offset)                                                                  \
	({                                                                                         \
		__u32 number = get16(place, offset);                                               \
		__asm__("" : "+r"(number));                                                        \
		number;                                                                            \
	})

/* The first bits of a number of 32, in the packet's order. All of it must be the packet's. */
#define head16(place, offset)                                                                      \
	((place).way == CAREFUL ? be16((__u16)(get32(place, offset) >> 16)) : raw16(place, offset))
#define head8(place, offset)                                                                       \
	((place).way == CAREFUL ? get32(place, offset) >> 24 : get8(place, offset))

/* Whether two numbers of 32 bits that follow one another are these; the second is not asked for in vain. */
#define equal64(place, offset, first, second)                                                      \
	((place).way == CAREFUL                                                                    \
		 ? get32(place, offset) == first && get32(place, offset + 4) == second             \
		 : peek64(place, offset) == from_be64((__u64)first << 32 | second))

static __transparent __u64 peek64(struct view view, __u64 offset)
{
	__u64 number;

	peek(view, offset, sizeof(number), &number);
	return number;
}

/* What stands in a packet for a constant. */
#define be16(value) from_be16(value)
#define be32(value) from_be32(value)
