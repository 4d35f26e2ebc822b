/*
 * A filter that is too large for one function: a compiler would take minutes, and the verifier follows
 * 8192 jumps in a row at most. It is cut into parts, which hand on the block that goes on and, in a
 * struct, the values that are needed further on. They read as CAREFUL of access.h does.
 *
 * Parts are global functions where they can be: the verifier then looks at each by itself, with any
 * arguments, so that the work adds up and does not multiply. All that such a function can be given is
 * numbers, memory that it takes for numbers, and the program's context. So a strategy (parts_*.h) says
 * what of the packet is handed on (`struct handed`), and how it is read from that.
 */
#pragma once
#include "access.h"

#ifdef PARTS_ARE_STATIC
#define PART static __noinline
#else
#define PART __attribute__((noinline))
#endif

/* What a part gives if it is not the bytes to keep: the block that goes on; negative: a failed load. */
#define GO_ON (1ULL << 33)
#define go_on(block) (GO_ON | (block))

/* Whether what goes on is one of the blocks that have lower numbers. */
static __always_inline bool goes_on_before(__u64 at, __u64 block)
{
	return at - GO_ON < block;
}

static __always_inline bool is_beyond(__u64 end, __u64 length)
{
	return end > length;
}

/*
 * As raw, get… and others of access.h. The function that this stands in returns what fetch_part() gives
 * if it is negative. A computed index is opaque: a compiler would keep the sums of loads that are
 * repeated, and run out of stack.
 */
#define part_raw(type, index, offset)                                                              \
	({                                                                                         \
		__u64 at = (index);                                                                \
		if (!__builtin_constant_p(at))                                                     \
			opaque(at);                                                                \
		long long fetched = fetch_part(handed, at + (offset), sizeof(type));               \
		if (fetched < 0)                                                                   \
			return fetched;                                                            \
		(type)fetched;                                                                     \
	})
#define part_raw16(index, offset) part_raw(__u16, index, offset)
#define part_raw32(index, offset) part_raw(__u32, index, offset)
#define part_get8(index, offset) ((__u32)part_raw(__u8, index, offset))
#define part_get16(index, offset) ((__u32)from_be16(part_raw16(index, offset)))
#define part_get32(index, offset) from_be32(part_raw32(index, offset))
#define part_lacks(index, end) is_beyond((__u64)(index) + (end), kept->length)
#define part_equal64(index, offset, first, second)                                                 \
	(part_get32(index, offset) == first && part_get32(index, offset + 4) == second)
